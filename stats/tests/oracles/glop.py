"""A second opinion on a pattern: what attackers can derive exactly, by GLOP, from the codes of the cells alone.

    python glop.py < question.json > answer.json

A separate program, because ortools and highspy conflict in one process. It does not import evenstat.
The question: `parents` (for each dimension, the code above each code that is not at the top; Total is above those),
`cells` (one code a dimension), `values` (null where hidden), `unsafe` (places of cells), `alone` (for each person who
is alone in cells, their places) and `threshold`. The answer counts, for each attacker, hidden cells that are known
exactly, and for B unsafe ones that are provably below the threshold.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from ortools.linear_solver import pywraplp

NEAR = 1e-6
MOST = 1e7  # upper bound of a suppressed cell
AT_ONCE = 12  # LPs that extend many ranges at once, before each cell is solved separately


@dataclass
class AttackerSystem:
    """Suppressed cells and their constraints; `seen` are counts that fit the publication."""

    columns: dict  # place of a hidden cell -> variable
    solver: pywraplp.Solver
    random: Random = field(default_factory=lambda: Random(0))
    seen: list = field(default_factory=list)

    def ranges(self, known=(), disclosed=frozenset()):
        """For each hidden cell the least and the most, stretched until two whole numbers fit or none further does.

        `known` cells hold 1, and nothing more is asked of those already `disclosed`.
        """
        low, high = {}, {}
        for point in self.seen:
            if all(abs(point[place] - 1) < NEAR for place in known):
                _stretch(low, high, point)
        asked = [place for place in self.columns if place not in disclosed and place not in known]
        for place in known:
            self.columns[place].SetBounds(1, 1)
        for _ in range(AT_ONCE):
            tight = [place for place in asked if _exact(low, high, place)]
            if not tight:
                break
            self.solve({place: self.random.choice((-1, 1)) for place in tight}, low, high)
        for place in asked:
            for sign in (1, -1):
                if _exact(low, high, place):
                    self.solve({place: sign}, low, high)
        return low, high

    def solve(self, towards, low, high):
        objective = self.solver.Objective()
        objective.Clear()
        for place, sign in towards.items():
            objective.SetCoefficient(self.columns[place], sign)
        objective.SetMaximization()
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            raise SystemExit(f"GLOP gives status {status}")
        point = {place: column.solution_value() for place, column in self.columns.items()}
        self.seen.append(point)
        _stretch(low, high, point)

    def forget(self, known, least):
        for place in known:
            self.columns[place].SetBounds(least, MOST)


def main(question):
    hidden = [place for place, value in enumerate(question["values"]) if value is None]
    answer = {"hidden": len(hidden)}
    for name, least in (("A", 0), ("B", 1)):
        attacker = read(question, hidden, least)
        low, high = attacker.ranges()
        answer[name] = sum(_exact(low, high, place) for place in hidden)
    answer["below"] = _below(attacker, question, low, high)
    known = {place for place in hidden if _exact(low, high, place)}
    answer["C"] = len(_by_singletons(attacker, question, known))
    return answer


def read(question, hidden, least):
    """One constraint for each cell and dimension in which it is the sum of other cells."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    columns = {place: solver.NumVar(least, MOST, str(place)) for place in hidden}
    places = {tuple(codes): place for place, codes in enumerate(question["cells"])}
    values = question["values"]
    for codes, place in places.items():
        for axis, below in enumerate(_below_each(question)):
            parts = [places.get((*codes[:axis], code, *codes[axis + 1 :])) for code in below[codes[axis]]]
            if not parts or None in parts:
                continue
            known = sum(values[part] for part in parts if values[part] is not None)
            if not any(values[cell] is None for cell in (place, *parts)):
                assert known == values[place], f"{codes} does not add up"
                continue
            right = (0 if values[place] is None else values[place]) - known
            row = solver.Constraint(right, right)
            for part in parts:
                if values[part] is None:
                    row.SetCoefficient(columns[part], 1)
            if values[place] is None:
                row.SetCoefficient(columns[place], -1)
    return AttackerSystem(columns, solver)


def _below_each(question):
    for axis, above in enumerate(question["parents"]):
        below = defaultdict(list)
        for code in dict.fromkeys(codes[axis] for codes in question["cells"]):
            if code != "Total":
                below[above.get(code, "Total")].append(code)
        yield below


def _below(attacker, question, low, high):
    """Primary cells with an upper bound below the threshold."""
    below = 0
    for place in set(question["unsafe"]) & set(attacker.columns):
        if high[place] < question["threshold"] - NEAR:
            attacker.solve({place: 1}, low, high)
        below += high[place] < question["threshold"] - NEAR
    return below


def _by_singletons(attacker, question, disclosed):
    exact = set(disclosed)
    for person in question["alone"]:
        known = [place for place in person if place in attacker.columns]
        low, high = attacker.ranges(known, exact)
        exact |= {place for place in attacker.columns if place not in known and _exact(low, high, place)}
        attacker.forget(known, 1)
    return exact


def _stretch(low, high, point):
    for place, value in point.items():
        low[place] = min(low.get(place, value), value)
        high[place] = max(high.get(place, value), value)


def _exact(low, high, place):
    """Whether fewer than two whole numbers are in the range; True before any solution is known."""
    if place not in low:
        return True
    return int((high[place] + NEAR) // 1) <= -int((-low[place] + NEAR) // 1)


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)
