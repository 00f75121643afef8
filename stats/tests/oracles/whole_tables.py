"""Enumerates every table of whole counts that fits a publication.

It shares only the definitions of tables with the code under test.
"""

from dataclasses import dataclass

ABOVE_TRUE = 8  # how far above its true count a cell is tried: skipping tables can only make more cells look disclosed
STEPS = 3_000


class TooManyError(Exception):
    """There are too many tables to enumerate."""


@dataclass
class Row:
    signs: dict  # unknown cell -> 1 or -1
    right: int


def known_exactly(shape, counts, hidden, least, alone=()):
    """Suppressed cells with one possible count, for an attacker who knows the cells `singletons`."""
    unseen = hidden | shape.unpublished
    low = {int(cell): least if hidden[cell] else 0 for cell in unseen.nonzero()[0]}
    high = {cell: int(counts[cell]) + ABOVE_TRUE for cell in low}
    for cell in alone:
        low[cell] = high[cell] = int(counts[cell])
    seen = {cell: set() for cell in low if hidden[cell] and cell not in set(alone)}
    for table in fitting(rows(shape, counts, unseen), low, high):
        for cell in seen:
            seen[cell].add(table[cell])
        if all(len(values) > 1 for values in seen.values()):
            return set()
    return {cell for cell, values in seen.items() if len(values) == 1}


def rows(shape, counts, hidden):
    constraints = []
    for whole, parts in shape.sums():
        signs = {int(part): 1 for part in parts if hidden[part]}
        right = -sum(int(counts[part]) for part in parts if not hidden[part])
        if hidden[whole]:
            signs[int(whole)] = -1
        else:
            right += int(counts[whole])
        if signs:
            constraints.append(Row(signs, right))
    return constraints


def fitting(rows, low, high):
    """Depth-first search; after each assignment the rows narrow the ranges of their cells."""
    through = {cell: [row for row in rows if cell in row.signs] for cell in low}
    steps = [0]

    def narrowed(low, high, waiting):
        while waiting:
            row = waiting.pop()
            for cell, sign in row.signs.items():
                others = [(sign_of, other) for other, sign_of in row.signs.items() if other != cell]
                least = sum(low[other] if sign_of > 0 else -high[other] for sign_of, other in others)
                most = sum(high[other] if sign_of > 0 else -low[other] for sign_of, other in others)
                bottom, top = row.right - most, row.right - least
                if sign < 0:
                    bottom, top = -top, -bottom
                if bottom > low[cell] or top < high[cell]:
                    low[cell], high[cell] = max(bottom, low[cell]), min(top, high[cell])
                    if low[cell] > high[cell]:
                        return False
                    waiting.extend(other for other in through[cell] if other is not row and other not in waiting)
        return True

    def deeper(low, high, waiting):
        steps[0] += 1
        if steps[0] > STEPS:
            raise TooManyError
        low, high = dict(low), dict(high)
        if not narrowed(low, high, waiting):
            return
        open_cells = [cell for cell in low if low[cell] < high[cell]]
        if not open_cells:
            yield low
            return
        cell = min(open_cells, key=lambda candidate: (high[candidate] - low[candidate], candidate))
        for value in range(low[cell], high[cell] + 1):
            yield from deeper(low | {cell: value}, high | {cell: value}, list(through[cell]))

    yield from deeper(low, high, list(rows))
