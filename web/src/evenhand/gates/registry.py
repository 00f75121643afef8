"""The requirements of each transition, and the providers that check them. A requirement without a provider fails.

An app declares by name the requirements of its own transitions. The app that can check a requirement registers a
provider for it in `AppConfig.ready`. So an app can depend on checks of a higher layer without importing it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error


@dataclass(frozen=True)
class UnmetRequirement:
    """A requirement that is not met: a description and a fix to show to the user, and a link if there is one."""

    requirement: str
    description: str
    fix: str
    link: str = ""


class GateClosed(Exception):
    """The transition is refused because of the requirements in `missing`."""

    def __init__(self, transition: str, missing: tuple[UnmetRequirement, ...]) -> None:
        self.transition, self.missing = transition, missing
        needs = "; ".join(f"{requirement.description} {requirement.fix}" for requirement in missing)
        super().__init__(f"What must be done first: {needs}")


RequirementProvider = Callable[[Any], UnmetRequirement | None]

_requirements: dict[str, tuple[str, ...]] = {}
_providers: defaultdict[str, list[RequirementProvider]] = defaultdict(list)


def declare(transition: str, *requirements: str) -> None:
    """Declare the requirements of a transition, replacing any earlier declaration: one app owns a transition."""
    _requirements[transition] = requirements


def provide(requirement: str, provider: RequirementProvider) -> None:
    """Register the provider that checks a requirement: it returns an UnmetRequirement for a subject, or None."""
    if provider not in _providers[requirement]:
        _providers[requirement].append(provider)


def transitions() -> tuple[str, ...]:
    return tuple(sorted(_requirements))


def requirements_of(transition: str) -> tuple[str, ...]:
    return _requirements[transition]


def missing(transition: str, subject: Any) -> tuple[UnmetRequirement, ...]:
    """Every unmet requirement of the transition. An undeclared transition is refused."""
    if transition not in _requirements:
        return (
            UnmetRequirement(transition, f"“{transition}” has no declared requirements.", "Declare them in its app."),
        )
    unmet = (_check(requirement, subject) for requirement in _requirements[transition])
    return tuple(requirement for requirement in unmet if requirement is not None)


def require(transition: str, subject: Any) -> None:
    """Raise GateClosed with every unmet requirement, if there are any."""
    if unmet := missing(transition, subject):
        raise GateClosed(transition, unmet)


def _check(requirement: str, subject: Any) -> UnmetRequirement | None:
    providers = _providers.get(requirement, [])
    if len(providers) != 1:
        number = "no provider" if not providers else "more than one provider"
        return UnmetRequirement(requirement, f"“{requirement}” has {number}.", "Register exactly one provider.")
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
