"""The search behind `evenstat protect`, and the audit that follows it."""

import argparse
from dataclasses import dataclass

from evenstat.commands.progress import Progress, stop_after
from evenstat.commands.safety import Checked, Release, check
from evenstat.disclosure import Attacker, Guarantee, LinkedTables, Policy, Weight, protect
from evenstat.disclosure.hiding import unsafe_cells
from evenstat.disclosure.tables import Flags


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be protected, and what the options ask of the search."""

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    guarantee: Guarantee
    publish: tuple[int, ...]
    hide: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Result:
    """What is hidden of the new tables, and why; and the audit over these and all that is out."""

    hidden: Flags
    unsafe: Flags
    checked: Checked
    stopped: bool
    notes: tuple[str, ...] = ()


def alone(asked: Asked, arguments: argparse.Namespace, progress: Progress) -> Result:
    """Tables about people of whom nothing else is out."""
    pattern = protect(
        asked.tables,
        asked.policy,
        attacker=asked.attacker,
        guarantee=asked.guarantee,
        weight=Weight(arguments.weights),
        publish=asked.publish,
        hide=asked.hide,
        seed=arguments.seed,
        budget=arguments.budget,
        stop=stop_after(arguments.seconds),
        progress=progress.search,
    )
    unsafe = unsafe_cells(asked.tables, asked.policy) & pattern.hidden
    release = Release(pattern.publication, asked.tables, unsafe)
    return Result(
        pattern.hidden, unsafe, check(release, asked.attacker, asked.guarantee, progress.say), pattern.stopped
    )
