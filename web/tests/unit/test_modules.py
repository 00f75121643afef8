"""What modules declare, against their code: each check finds the error that it is for, and none in the site itself."""

import ast
from pathlib import Path

import pytest

from evenhand.modules import Permission, StaffSection, checks, registry
from evenhand.modules.source import SourceFile, source_files


def source(text: str, module: str = "ledger", name: str = "x.py") -> SourceFile:
    return SourceFile(module, Path(f"evenhand/{module}/{name}"), ast.parse(text))


def messages(errors: list) -> list[str]:
    return [str(error.msg) for error in errors]


def test_the_site_declares_everything_that_it_uses() -> None:
    assert checks.check_modules(None) == []


def test_an_action_without_words_is_an_error() -> None:
    text = 'SAVE = "a.save"\nwith recording(SAVE, by=by): ...\nwith recording("a.open", by=by): ...'
    assert messages(checks.undeclared_actions([source(text)], {"a.open"})) == [
        "evenhand/ledger/x.py:2: the action “a.save” has no words."
    ]


def test_an_action_whose_name_is_not_a_constant_is_an_error() -> None:
    (error,) = checks.undeclared_actions([source('with recording(f"a.{step}", by=by): ...')], {"a.save"})
    assert error.id == "modules.E001"


def test_an_action_that_nothing_records_is_an_error() -> None:
    file = source('SAVE = "a.save"\nwith recording(SAVE, by=by): ...')
    assert messages(checks.unrecorded_actions([file], ["a.save", "a.open"])) == ["Nothing records the action “a.open”."]


def test_the_reading_of_unprotected_figures_is_recorded_by_the_access_log() -> None:
    assert registry.access_action() in registry.actions()
    assert set(registry.actions()) - set(registry.recorded_by_their_modules()) == {registry.access_action()}


IMPORTS = {
    "from evenhand.plans.queries import KIND": "KIND",
    "from evenhand.plans.queries import KIND as PLAN": "PLAN",
    "from evenhand.plans import queries": "queries.KIND",
    "import evenhand.plans.queries as q": "q.KIND",
    "import evenhand.plans.queries": "evenhand.plans.queries.KIND",
    "from .queries import KIND": "KIND",
    "from evenhand.plans import KIND": "KIND",  # imported by __init__.py
    "from evenhand.plans.enums import Kind": "Kind.PLAN",
}


@pytest.mark.parametrize("statement", IMPORTS)
def test_a_constant_of_another_file_is_read(statement: str) -> None:
    files = [
        source('KIND: str = "thing"', "plans", "queries.py"),
        source("from evenhand.plans.queries import KIND", "plans", "__init__.py"),
        source('class Kind:\n    PLAN = "thing"', "plans", "enums.py"),
        source(f"{statement}\nSubject({IMPORTS[statement]}, id, None)", "plans", "actions.py"),
    ]
    assert messages(checks.undeclared_subjects(files, {"plan"})) == [
        "evenhand/plans/actions.py:2: the record of changes cannot say what a “thing” is."
    ]
    assert checks.undeclared_subjects(files, {"thing"}) == []


def test_an_argument_may_be_given_by_its_name_and_a_function_imported_under_another() -> None:
    by_name = source('Subject(id=id, kind="thing", authority_id=None)\nrecording(by=by, action="a.save")')
    renamed = source('from evenhand.ledger.actions import Subject as S\nS("thing", id, None)')
    assert len(checks.undeclared_subjects([by_name], set())) == len(checks.undeclared_subjects([renamed], set())) == 1
    assert len(checks.undeclared_actions([by_name], set())) == 1


def test_a_constant_that_cannot_be_read_is_an_error_and_a_value_of_the_record_is_not() -> None:
    unreadable = source("from elsewhere import KIND\nSubject(KIND, id, None)")
    assert "a “KIND” is" in messages(checks.undeclared_subjects([unreadable], {"plan"}))[0]
    assert checks.undeclared_subjects([source("Subject(assignment.subject_kind, id, None)")], {"plan"}) == []


def test_imports_in_a_circle_end() -> None:
    one = source("from evenhand.ledger.two import KIND\nSubject(KIND, id, None)", name="one.py")
    two = source("from evenhand.ledger.one import KIND", name="two.py")
    assert len(checks.undeclared_subjects([one, two], {"plan"})) == 1


def test_a_subject_that_nobody_can_name_is_an_error() -> None:
    (error,) = checks.undeclared_subjects([source('Subject("thing", id, None)')], {"plan"})
    assert error.id == "modules.E002"
    assert checks.undeclared_subjects([source('Subject("plan", id, None)')], {"plan"}) == []


def test_a_permission_that_nothing_uses_is_an_error() -> None:
    permission = Permission("a.edit_thing", "edit things", roles=frozenset({"officer"}))
    definition = source('EDIT_THING = Permission("a.edit_thing", "edit things")')
    assert [error.id for error in checks.unused_permissions([definition], [permission])] == ["modules.E003"]
    use = source("may(person, EDIT_THING, authority).require()")
    assert checks.unused_permissions([definition, use], [permission]) == []


def test_a_permission_that_no_module_declares_is_an_error() -> None:
    text = 'EDIT_THING = Permission("a.edit_thing", "edit things")\nmay(person, EDIT_THING, authority).require()'
    assert messages(checks.undeclared_permissions([source(text)], [])) == [
        "evenhand/ledger/x.py:1: no module declares the permission “a.edit_thing”, so no role has it."
    ]
    permission = Permission("a.edit_thing", "edit things", roles=frozenset({"officer"}))
    assert checks.undeclared_permissions([source(text)], [permission]) == []


def test_a_section_whose_page_does_not_exist_is_an_error() -> None:
    missing, without_slug, existing = (
        StaffSection("S", "Sections.", url_name) for url_name in ("plans:none", "public:methods", "plans:plans")
    )
    assert messages(checks.sections_without_a_page([missing, without_slug, existing])) == [
        "The section “S” leads nowhere: no page “plans:none” takes an authority’s slug.",
        "The section “S” leads nowhere: no page “public:methods” takes an authority’s slug.",
    ]


def test_a_module_that_is_not_installed_is_an_error_of_its_own() -> None:
    file = source('with recording("new.save", by=by): ...', "new")
    (error,) = checks.apps_not_installed([file, source("", "plans")], ["plans"])
    assert error.id == "modules.E008"
    assert str(error.msg).startswith("The module evenhand.new is not installed")


def test_only_the_error_of_a_module_that_is_not_installed_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    file = source('with recording("new.save", by=by): ...', "new")
    files = [*source_files(checks.PACKAGE), file]
    monkeypatch.setattr(checks, "source_files", lambda _package: files)
    assert [error.id for error in checks.check_modules(None)] == ["modules.E008"]


def test_an_app_without_a_docstring_is_an_error() -> None:
    explained = source('"""Plans."""', "plans", "__init__.py")
    of_a_package_below = source('"""Views."""', "ledger", "views/__init__.py")
    files = [explained, source("", "ledger", "__init__.py"), of_a_package_below]
    assert messages(checks.apps_without_docstring(files, ["plans", "ledger"])) == [
        "evenhand/ledger/__init__.py does not say what is in the module."
    ]


def test_a_string_that_names_a_higher_module_is_an_error() -> None:
    order = ["public", "plans", "ledger"]
    for text in (
        '"plans.import"',
        '"evenhand.plans.models"',
        '"public:plan"',
        '"evenhand.public"',
        'import_module("evenhand.public")',
    ):
        (error,) = checks.strings_that_name_a_higher_module([source(f"x = {text}")], order)
        assert error.id == "modules.E004"
    harmless = source(
        '"""plans.import is explained here."""\nx = "plans"\ny = "ledger.erase"\nz = "evenhand.publications"'
    )
    assert checks.strings_that_name_a_higher_module([harmless], order) == []
    assert checks.strings_that_name_a_higher_module([source('x = "ledger.erase"', "plans")], order) == []


def test_names_of_actions_and_subjects_are_declared_once() -> None:
    for what, name in (("actions", "name"), ("subjects", "kind"), ("permissions", "code")):
        names = [getattr(declaration, name) for declaration in registry.declared(what)]
        assert len(names) == len(set(names))
