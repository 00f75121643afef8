"""The search behind `evenstat protect --earlier`: tables that go out after others about the same people."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evenstat.commands.progress import Progress, stop_after
from evenstat.commands.safety import Release, check
from evenstat.commands.search import Asked, Result
from evenstat.disclosure import Publication, Weight
from evenstat.disclosure.hiding import unsafe_cells
from evenstat.disclosure.successive import Options, Refused, can_also_publish
from evenstat.disclosure.tables import Truth
from evenstat.errors import CannotProtect


def after(
    earlier: Sequence[Publication],
    truth: Truth,
    asked: Asked,
    arguments: argparse.Namespace,
    progress: Progress,
) -> Result:
    """Tables about people of whom something is out, or which cut one dimension in several ways."""
    options = Options(
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
    out = [_with_zeros(each, truth) for each in earlier]
    answer = can_also_publish(asked.tables.shape, truth, out, asked.policy, options=options)
    if isinstance(answer, Refused):
        raise CannotProtect(f"Nothing was written. {answer.words}")
    whole = answer.pattern.tables
    rule = unsafe_cells(whole, asked.policy)
    lost = np.zeros(len(rule), dtype=bool)
    lost[answer.given_away] = True
    release = Release(answer.joint, whole, rule & answer.joint.hidden & ~lost, lost)
    checked = check(release, asked.attacker, asked.guarantee, progress.say)
    unsafe = unsafe_cells(asked.tables, asked.policy) & answer.hidden
    return Result(answer.hidden, unsafe, checked, answer.pattern.stopped, (f"  {answer.words}",))


def _with_zeros(release: Publication, truth: Truth) -> Publication:
    """A release that hides a true zero is one whose readers do not know that hidden cells hold somebody."""
    counts = truth.over(release.shape).counts
    return replace(release, zeros_shown=not (counts[release.hidden] == 0).any())
