"""Runs GLOP in its own process to find what attackers can derive from a pattern."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from oracles.benchmark import parents

PROGRAM = Path(__file__).parent / "glop.py"


@dataclass(frozen=True)
class Certificate:
    """Suppressed cells, exact disclosures to each attacker, and primary cells that B can prove to be small."""

    hidden: int
    exact: dict
    below: int


def certified(tables, hidden, unsafe, *, threshold=5, python=sys.executable):
    shape = tables.shape
    question = {
        "parents": [parents(tables)[name] for name in shape.names],
        "cells": [shape.key(cell) for cell in range(len(shape))],
        "values": [None if hidden[cell] else int(tables.counts[cell]) for cell in range(len(shape))],
        "unsafe": unsafe.nonzero()[0].tolist(),
        "alone": sorted({tuple(cells[hidden[cells]].tolist()) for cells in tables.singletons} - {()}),
        "threshold": threshold,
    }
    asked = subprocess.run([python, PROGRAM], input=json.dumps(question), capture_output=True, text=True, check=True)
    answer = json.loads(asked.stdout)
    return Certificate(answer["hidden"], {attacker: answer[attacker] for attacker in "ABC"}, answer["below"])
