"""Declared requirements and registered providers. Fails closed: what nobody answers for is refused.

A room declares, by name, what a transition of its own needs; the room that knows registers the provider in its
`AppConfig.ready`. So a low room can be governed from above without importing what stands above it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error


@dataclass(frozen=True)
class Missing:
    """One thing that must be done first, in words for the person who is waiting, with a link where there is one."""

    requirement: str
    what: str
    mend: str
    link: str = ""


class GateClosed(Exception):
    """The transition is refused; `missing` says what must be done first."""

    def __init__(self, transition: str, missing: tuple[Missing, ...]) -> None:
        self.transition, self.missing = transition, missing
        needs = "; ".join(f"{each.what} {each.mend}" for each in missing)
        super().__init__(f"What must be done first: {needs}")


Provider = Callable[[Any], Missing | None]

_requirements: dict[str, tuple[str, ...]] = {}
_providers: defaultdict[str, list[Provider]] = defaultdict(list)


def declare(transition: str, *requirements: str) -> None:
    """Say what a transition needs. Declaring it again replaces what was said: one room owns a transition."""
    _requirements[transition] = requirements


def provide(requirement: str, provider: Provider) -> None:
    """Answer for a requirement: the provider takes the subject and returns what is missing, or None."""
    if provider not in _providers[requirement]:
        _providers[requirement].append(provider)


def transitions() -> tuple[str, ...]:
    return tuple(sorted(_requirements))


def requirements_of(transition: str) -> tuple[str, ...]:
    return _requirements[transition]


def missing(transition: str, subject: Any) -> tuple[Missing, ...]:
    """Everything that stands in the way, so that a person is told once. An undeclared transition is refused."""
    if transition not in _requirements:
        return (Missing(transition, f"Nothing says what “{transition}” needs.", "Declare it in its room."),)
    answers = (_answer(requirement, subject) for requirement in _requirements[transition])
    return tuple(answer for answer in answers if answer is not None)


def require(transition: str, subject: Any) -> None:
    """Pass, or raise GateClosed with everything that is missing."""
    if found := missing(transition, subject):
        raise GateClosed(transition, found)


def _answer(requirement: str, subject: Any) -> Missing | None:
    providers = _providers.get(requirement, [])
    if len(providers) != 1:
        who = "Nobody answers" if not providers else "More than one part of the system answers"
        return Missing(requirement, f"{who} for “{requirement}”.", "Register exactly one provider.")
    return providers[0](subject)


def check_every_requirement_is_provided(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    return [
        Error(
            f"The gate “{transition}” needs “{requirement}”, "
            f"which has {len(_providers.get(requirement, []))} providers.",
            hint="Exactly one AppConfig.ready must call gates.provide for it.",
            id="gates.E001",
        )
        for transition, requirements in sorted(_requirements.items())
        for requirement in requirements
        if len(_providers.get(requirement, [])) != 1
    ]
