"""Gates refuse a transition unless every requirement has one provider and is met."""

from collections.abc import Callable

import pytest

from evenhand import gates
from evenhand.gates.registry import check_every_requirement_is_provided
from evenhand.modules import Module, registry

Declare = Callable[..., None]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Put these modules in the place of all others."""

    def put(*modules: Module) -> None:
        monkeypatch.setattr(registry, "_modules", {str(number): module for number, module in enumerate(modules)})

    return put


def satisfied(_subject: object) -> None:
    return None


def unsatisfied(_subject: object) -> gates.UnmetRequirement:
    return gates.UnmetRequirement("a.need", "It is not done.", "Do it.")


NEEDS = Module(gates={"a.step": ("a.need",)})
MET = Module(requirements={"a.need": satisfied})


def test_a_transition_is_allowed_when_its_requirements_are_met(declare: Declare) -> None:
    declare(NEEDS, MET)
    gates.require("a.step", object())
    assert check_every_requirement_is_provided(None) == []


def test_all_unmet_requirements_are_reported_together(declare: Declare) -> None:
    declare(Module(gates={"a.step": ("a.need", "another.need")}), Module(requirements={"a.need": unsatisfied}))
    with pytest.raises(gates.GateClosed) as closed:
        gates.require("a.step", object())
    assert [unmet.requirement for unmet in closed.value.missing] == ["a.need", "another.need"]
    assert str(closed.value).startswith("What must be done first: It is not done. Do it.")


def test_a_requirement_without_a_provider_is_not_met(declare: Declare) -> None:
    declare(NEEDS)
    assert gates.missing("a.step", object())
    assert [error.id for error in check_every_requirement_is_provided(None)] == ["gates.E001"]


def test_a_requirement_with_two_providers_is_not_met(declare: Declare) -> None:
    declare(NEEDS, MET, Module(requirements={"a.need": lambda _subject: None}))
    assert gates.missing("a.step", object())
    assert len(check_every_requirement_is_provided(None)) == 1


def test_an_undeclared_transition_is_refused(declare: Declare) -> None:
    declare()
    assert gates.missing("a.step", object())
