"""Measure one row of the disclosure benchmark: reads a task as JSON and writes the measurement as JSON.

Run by `benchmarks/disclosure.py` in a separate process, with `stats/tests` on the path for the inputs and GLOP.
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
from evenstat.disclosure.suppression.bound import lower_bound
from evenstat.disclosure.tables import LinkedTables, flat, from_records, layout
from evenstat.errors import CannotProtect

GRADES, ETHNICITIES, SEXES = 12, 18, 2
PEOPLE_PER_SITE = 500
SUPPLIES = 60  # sources of the calibration transport problem


@dataclass(frozen=True)
class BenchmarkTask:
    """The input, guarantee and limits of one row. `sites` is the size of a synthetic input, or 0 for one of the nine;
    `bound_budget` is the number of LPs for the lower bound, or 0 for none."""

    set: str
    size: int
    attacker: str
    budget: int
    not_below: int = 0
    bound_budget: int = 0
    glop_python: str = ""  # the Python interpreter that has ortools
    sites: int = 0
    seconds: float = 0.0  # time limit of the search, 0 for none
    audits: str = "ABC"


def main(task: BenchmarkTask) -> dict[str, Any]:
    tables = synthetic_tables(task.sites) if task.sites else load(task.set, task.size)
    cells = int((~tables.shape.unpublished).sum())
    measurement: dict[str, Any] = {"calibration": timed(calibrate)[0], "cells": cells}
    started = time.perf_counter()
    guarantee = Guarantee(not_below=task.not_below)
    attacker = Attacker(task.attacker)
    try:
        pattern = protect(
            tables,
            RULE,
            attacker=attacker,
            guarantee=guarantee,
            budget=task.budget,
            stop=lambda: bool(task.seconds) and time.perf_counter() - started > task.seconds,
        )
    except CannotProtect as error:
        seconds = time.perf_counter() - started
        return measurement | {"refused": str(error), "seconds": seconds, "peak": peak_megabytes()}
    measurement["seconds"], measurement["peak"] = time.perf_counter() - started, peak_megabytes()
    measurement |= {
        "primary": int(pattern.primary.sum()),
        "suppressed": pattern.loss.suppressed,
        "people": pattern.loss.people,
        "non_integer": len(pattern.non_integer),
        "stopped": pattern.stopped,
        "solves": pattern.solves,
    }
    measurement["audits"] = {letter: audit_row(tables, pattern, Attacker(letter)) for letter in task.audits}
    if task.glop_python:
        measurement["glop"] = vars(certified(tables, pattern.suppressed, pattern.primary, python=task.glop_python))
    if task.bound_budget:
        measurement["bound"] = bound_row(tables, attacker, guarantee, task.bound_budget)
    return measurement


def audit_row(tables: LinkedTables, pattern: Any, attacker: Attacker) -> dict[str, Any]:
    seconds, audited = timed(lambda: audit(pattern.publication, attacker, singletons=tables.singletons))
    primary_below_5 = np.intersect1d(audited.below(5), np.flatnonzero(pattern.primary))
    return {"seconds": seconds, "exact": len(audited.exactly_disclosed), "below": len(primary_below_5)}


def bound_row(tables: LinkedTables, attacker: Attacker, guarantee: Guarantee, budget: int) -> dict[str, Any]:
    seconds, bound = timed(lambda: lower_bound(tables, RULE, attacker=attacker, guarantee=guarantee, budget=budget))
    return {"suppressed": bound.suppressed, "optimal": bound.proven_best, "cuts": bound.cuts, "seconds": seconds}


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = function()
    return time.perf_counter() - started, result


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def calibrate() -> None:
    """Solve a fixed transport problem, so that times on different machines can be compared."""
    random, model = np.random.default_rng(0), highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    costs = random.integers(1, 1_000, (SUPPLIES, SUPPLIES))
    for cost in costs.ravel().tolist():
        model.addCol(float(cost), 0.0, highspy.kHighsInf, 0, np.zeros(0, np.int32), np.zeros(0))
    columns = np.arange(SUPPLIES * SUPPLIES, dtype=np.int32).reshape(SUPPLIES, SUPPLIES)
    for indices in (*columns, *columns.T):
        model.addRow(10.0, 10.0, SUPPLIES, indices, np.ones(SUPPLIES))
    model.run()


def synthetic_tables(sites: int) -> LinkedTables:
    """A synthetic workforce of many sites in two-way tables, with about 34 cells for each site."""
    random = np.random.default_rng(sites)
    shares = [random.dirichlet(np.full(size, 1.5)) for size in (GRADES, ETHNICITIES, SEXES)]
    inner = np.einsum("i,j,k->ijk", *shares).ravel()
    counts = np.stack([random.multinomial(PEOPLE_PER_SITE, random.dirichlet(inner * 300 + 1e-3)) for _ in range(sites)])
    indices = np.indices((sites, GRADES, ETHNICITIES, SEXES)).reshape(4, -1)
    codes = [
        [f"{letter}{index:04}" for index in dimension]
        for letter, dimension in zip("sgex", indices.tolist(), strict=True)
    ]
    names = ("site", "grade", "ethnicity", "sex")
    dimensions = [flat(name, sorted(set(column))) for name, column in zip(names, codes, strict=True)]
    pairs = [[first, second] for position, first in enumerate(names) for second in names[position + 1 :]]
    occupied = np.flatnonzero(counts.ravel())
    columns = {name: [column[cell] for cell in occupied] for name, column in zip(names, codes, strict=True)}
    return from_records(layout(dimensions, pairs), columns, counts.ravel()[occupied].tolist())


if __name__ == "__main__":
    json.dump(main(replace(BenchmarkTask("b", 2_000, "C", 1), **json.load(sys.stdin))), sys.stdout)
