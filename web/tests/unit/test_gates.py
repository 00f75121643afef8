"""Gates refuse a transition unless every requirement has one provider and is met."""

import pytest

from evenhand.gates import GateClosed, UnmetRequirement, registry


@pytest.fixture(autouse=True)
def _empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_requirements", {})
    monkeypatch.setattr(registry, "_providers", registry.defaultdict(list))


def satisfied(_subject: object) -> None:
    return None


def unsatisfied(_subject: object) -> UnmetRequirement:
    return UnmetRequirement("a.need", "It is not done.", "Do it.")


def test_a_transition_is_allowed_when_its_requirements_are_met() -> None:
    registry.declare("a.step", "a.need")
    registry.provide("a.need", satisfied)
    registry.require("a.step", object())


def test_all_unmet_requirements_are_reported_together() -> None:
    registry.declare("a.step", "a.need", "another.need")
    registry.provide("a.need", unsatisfied)
    with pytest.raises(GateClosed) as closed:
        registry.require("a.step", object())
    assert [unmet.requirement for unmet in closed.value.missing] == ["a.need", "another.need"]
    assert str(closed.value).startswith("What must be done first: It is not done. Do it.")


def test_a_requirement_without_a_provider_is_not_met() -> None:
    registry.declare("a.step", "a.need")
    assert registry.missing("a.step", object())
    assert [error.id for error in registry.check_every_requirement_is_provided(None)] == ["gates.E001"]


def test_a_requirement_with_two_providers_is_not_met() -> None:
    registry.declare("a.step", "a.need")
    registry.provide("a.need", satisfied)
    registry.provide("a.need", lambda _subject: None)
    assert registry.missing("a.step", object())
    assert len(registry.check_every_requirement_is_provided(None)) == 1


def test_registering_the_same_provider_again_changes_nothing() -> None:
    registry.declare("a.step", "a.need")
    registry.provide("a.need", satisfied)
    registry.provide("a.need", satisfied)
    assert registry.missing("a.step", object()) == ()


def test_an_undeclared_transition_is_refused() -> None:
    assert registry.missing("a.step", object())
