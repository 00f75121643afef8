"""One row of the disclosure benchmark, in a process of its own: a question as JSON in, what was measured as JSON out.

Run by `scripts/bench_disclosure.py`, with `stats/tests` on the path: the inputs and GLOP's program stand there.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from oracles.benchmark import RULE, load  # type: ignore[import-not-found]
from oracles.second_opinion import certified  # type: ignore[import-not-found]

from evenstat.disclosure import Attacker, Guarantee, audit, protect
from evenstat.disclosure.hiding.bound import bound
from evenstat.disclosure.tables import LinkedTables, flat, from_records, layout
from evenstat.errors import CannotProtect

GRADES, ETHNICITIES, SEXES = 12, 18, 2
PER_SITE = 500  # people
SUPPLIES = 60  # of the calibration programme


@dataclass(frozen=True)
class Question:
    """`sites`: how large a synthetic input to make; 0 for one of the nine. `bound`: programmes for it, 0 for none."""

    set: str
    size: int
    attacker: str
    budget: int
    not_below: int = 0
    bound: int = 0
    certify: str = ""  # the Python that has ortools
    sites: int = 0
    seconds: float = 0.0  # after which protection is to stop, 0 for never
    audits: str = "ABC"


def main(asked: Question) -> dict[str, Any]:
    tables = grown(asked.sites) if asked.sites else load(asked.set, asked.size)
    answer: dict[str, Any] = {"calibration": timed(calibrate)[0], "cells": int((~tables.shape.behind).sum())}
    started = time.perf_counter()
    guarantee = Guarantee(not_below=asked.not_below)
    attacker = Attacker(asked.attacker)
    try:
        pattern = protect(
            tables,
            RULE,
            attacker=attacker,
            guarantee=guarantee,
            budget=asked.budget,
            stop=lambda: bool(asked.seconds) and time.perf_counter() - started > asked.seconds,
        )
    except CannotProtect as refused:
        return answer | {"refused": str(refused), "seconds": time.perf_counter() - started, "peak": peak()}
    answer["seconds"], answer["peak"] = time.perf_counter() - started, peak()
    answer |= {
        "unsafe": int(pattern.unsafe.sum()),
        "hidden": pattern.loss.hidden,
        "people": pattern.loss.people,
        "in_parts": len(pattern.in_parts),
        "stopped": pattern.stopped,
        "solves": pattern.solves,
    }
    answer["audits"] = {reader: audited(tables, pattern, Attacker(reader)) for reader in asked.audits}
    if asked.certify:
        answer["glop"] = vars(certified(tables, pattern.hidden, pattern.unsafe, python=asked.certify))
    if asked.bound:
        seconds, least = timed(lambda: bound(tables, RULE, attacker=attacker, guarantee=guarantee, budget=asked.bound))
        answer["bound"] = {"hidden": least.hidden, "reached": least.reached, "cuts": least.cuts, "seconds": seconds}
    return answer


def audited(tables: LinkedTables, pattern: Any, reader: Attacker) -> dict[str, Any]:
    seconds, found = timed(lambda: audit(pattern.publication, reader, alone=tables.alone))
    unsafe = np.flatnonzero(pattern.unsafe)
    return {"seconds": seconds, "exact": len(found.exact), "below": len(np.intersect1d(found.below(5), unsafe))}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def peak() -> float:
    """The most memory held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def calibrate() -> None:
    """A transport programme that never changes, so that times of several machines can be compared."""
    random, model = np.random.default_rng(0), highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    costs = random.integers(1, 1_000, (SUPPLIES, SUPPLIES))
    for cost in costs.ravel().tolist():
        model.addCol(float(cost), 0.0, highspy.kHighsInf, 0, np.zeros(0, np.int32), np.zeros(0))
    places = np.arange(SUPPLIES * SUPPLIES, dtype=np.int32).reshape(SUPPLIES, SUPPLIES)
    for line in (*places, *places.T):
        model.addRow(10.0, 10.0, SUPPLIES, line, np.ones(SUPPLIES))
    model.run()


def grown(sites: int) -> LinkedTables:
    """A made-up workforce of many sites, published as two-way tables: about 34 cells a site."""
    random = np.random.default_rng(sites)
    shares = [random.dirichlet(np.full(many, 1.5)) for many in (GRADES, ETHNICITIES, SEXES)]
    inner = np.einsum("i,j,k->ijk", *shares).ravel()
    counts = np.stack([random.multinomial(PER_SITE, random.dirichlet(inner * 300 + 1e-3)) for _ in range(sites)])
    at = np.indices((sites, GRADES, ETHNICITIES, SEXES)).reshape(4, -1)
    codes = [[f"{letter}{place:04}" for place in line] for letter, line in zip("sgex", at.tolist(), strict=True)]
    names = ("site", "grade", "ethnicity", "sex")
    dimensions = [flat(name, sorted(set(line))) for name, line in zip(names, codes, strict=True)]
    pairs = [[one, other] for place, one in enumerate(names) for other in names[place + 1 :]]
    kept = np.flatnonzero(counts.ravel())
    columns = {name: [line[place] for place in kept] for name, line in zip(names, codes, strict=True)}
    return from_records(layout(dimensions, pairs), columns, counts.ravel()[kept].tolist())


if __name__ == "__main__":
    json.dump(main(replace(Question("b", 2_000, "C", 1), **json.load(sys.stdin))), sys.stdout)
