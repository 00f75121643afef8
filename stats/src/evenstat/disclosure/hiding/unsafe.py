"""Which cells a policy holds unsafe by themselves, before anything is hidden for the sake of others."""

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.tables import Flags, Integers, LinkedTables


def unsafe_cells(tables: LinkedTables, policy: Policy) -> Flags:
    """Counts in the policy's range, and where it asks for it, rows that say one thing of everybody in a group."""
    counts = tables.counts
    unsafe: Flags = (counts >= policy.hide_from) & (counts <= policy.hide_to)
    if policy.group_disclosure:
        unsafe[_of_one_mind(tables)] = True
    return unsafe & ~tables.shape.behind


def _of_one_mind(tables: LinkedTables) -> Integers:
    """The parts of each whole whose people are all in one of several parts."""
    shape, counts = tables.shape, tables.counts
    found = [
        children
        for parent, children in shape.sums()
        if counts[parent] > 0 and len(children) > 1 and np.count_nonzero(counts[children]) == 1
    ]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))
