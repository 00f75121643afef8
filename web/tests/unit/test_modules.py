"""What modules declare, against their code: each check finds the error that it is for, and none in the site itself."""

import ast
from pathlib import Path

from evenhand.modules import Permission, checks, registry
from evenhand.modules.source import SourceFile


def source(text: str, module: str = "ledger") -> SourceFile:
    return SourceFile(module, Path(f"evenhand/{module}/x.py"), ast.parse(text))


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


def test_a_string_that_names_a_higher_module_is_an_error() -> None:
    order = ["public", "plans", "ledger"]
    for text in ('"plans.import"', '"evenhand.plans.models"', '"public:plan"'):
        (error,) = checks.strings_that_name_a_higher_module([source(f"x = {text}")], order)
        assert error.id == "modules.E004"
    harmless = source('"""plans.import is explained here."""\nx = "plans"\ny = "ledger.erase"')
    assert checks.strings_that_name_a_higher_module([harmless], order) == []
    assert checks.strings_that_name_a_higher_module([source('x = "ledger.erase"', "plans")], order) == []


def test_names_of_actions_and_subjects_are_declared_once() -> None:
    for what, name in (("actions", "name"), ("subjects", "kind"), ("permissions", "code")):
        names = [getattr(declaration, name) for declaration in registry.declared(what)]
        assert len(names) == len(set(names))
