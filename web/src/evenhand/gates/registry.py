"""The requirements of each transition, and the providers that check them. A requirement without a provider fails.

A module declares by name the requirements of its own transitions (`Module.gates`). The module that can check a
requirement declares the provider (`Module.requirements`). So a module can depend on checks of a higher layer without
importing it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error

from evenhand.modules import registry


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


def transitions() -> tuple[str, ...]:
    return tuple(sorted(registry.gates()))


def requirements_of(transition: str) -> tuple[str, ...]:
    return registry.gates()[transition]


def missing(transition: str, subject: Any) -> tuple[UnmetRequirement, ...]:
    """Every unmet requirement of the transition. An undeclared transition is refused."""
    requirements = registry.gates()
    if transition not in requirements:
        return (
            UnmetRequirement(transition, f"“{transition}” has no declared requirements.", "Declare them in its app."),
        )
    unmet = (_check(requirement, subject) for requirement in requirements[transition])
    return tuple(requirement for requirement in unmet if requirement is not None)


def require(transition: str, subject: Any) -> None:
    """Raise GateClosed with every unmet requirement, if there are any."""
    if unmet := missing(transition, subject):
        raise GateClosed(transition, unmet)


def _check(requirement: str, subject: Any) -> UnmetRequirement | None:
    providers = registry.providers(requirement)
    if len(providers) != 1:
        number = "no provider" if not providers else "more than one provider"
        return UnmetRequirement(requirement, f"“{requirement}” has {number}.", "Declare exactly one provider.")
    unmet: UnmetRequirement | None = providers[0](subject)
    return unmet


def check_every_requirement_is_provided(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    return [
        Error(
            f"The gate “{transition}” needs “{requirement}”, "
            f"which has {len(registry.providers(requirement))} providers.",
            hint="Exactly one module must name it in the `requirements` of its module.py.",
            id="gates.E001",
        )
        for transition, requirements in sorted(registry.gates().items())
        for requirement in requirements
        if len(registry.providers(requirement)) != 1
    ]
