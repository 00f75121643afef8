"""The tables of the modules are collected from every file; a missing entry is reported with the file to add it to."""

from types import ModuleType

import pytest

from support.tables import TESTS, access_file, access_files, action_files, assert_complete, collect, path_of


def file(path: str, **tables: object) -> ModuleType:
    module = ModuleType(path)
    module.__file__ = str(TESTS / path)
    vars(module).update(tables)
    return module


PEOPLE = file("support/people_actions.py", ACTIONS={"authorities.add": 1})
CLOCK = file("support/clock_actions.py", ACTIONS={"clock.pause": 2}, RECORDED_AS={"clock.pause": "clock.stop"})


def test_the_files_of_the_modules_are_found_by_their_names() -> None:
    assert {"web/tests/access/clock.py", "web/tests/access/plans.py"} <= {path_of(module) for module in access_files()}
    assert not {"web/tests/access/rules.py", "web/tests/access/all_rules.py"} & set(map(path_of, access_files()))
    assert "web/tests/support/plans_actions.py" in {path_of(module) for module in action_files()}


def test_a_table_is_collected_from_the_files_that_have_it() -> None:
    assert collect("ACTIONS", [PEOPLE, CLOCK]) == {"authorities.add": 1, "clock.pause": 2}
    assert collect("RECORDED_AS", [PEOPLE, CLOCK]) == {"clock.pause": "clock.stop"}
    with pytest.raises(AssertionError, match=r"clock_actions\.py repeats entries of another file: clock\.pause"):
        collect("ACTIONS", [PEOPLE, CLOCK, CLOCK])


def test_a_missing_entry_is_reported_with_the_file_to_add_it_to() -> None:
    required = {"authorities.add": "x", "authorities.close": "x", "clock.pause": "x", "new.act": "tests/new_actions.py"}
    with pytest.raises(AssertionError) as failure:
        assert_complete("ACTIONS", [PEOPLE, CLOCK], {"authorities.add", "clock.pause"}, required)
    assert str(failure.value).split("\n")[1:3] == [
        "authorities.close is missing: add it to ACTIONS in web/tests/support/people_actions.py",
        "new.act is missing: add it to ACTIONS in tests/new_actions.py",
    ]


def test_an_entry_that_is_no_longer_needed_is_reported_with_its_file() -> None:
    with pytest.raises(AssertionError, match=r"clock\.pause does not exist: remove it from ACTIONS in .*clock_actions"):
        assert_complete("ACTIONS", [PEOPLE, CLOCK], {"authorities.add", "clock.pause"}, {"authorities.add": "x"})
    assert_complete("ACTIONS", [PEOPLE], {"authorities.add"}, {"authorities.add": "x"})


def test_an_address_without_a_module_belongs_to_one_of_the_existing_files() -> None:
    assert access_file("plans") == "web/tests/access/plans.py"
    assert access_file("account_login") == "web/tests/access/NAME.py"
