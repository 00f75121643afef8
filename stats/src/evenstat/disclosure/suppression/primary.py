"""Primary suppression: the cells that a policy treats as unsafe by themselves."""

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.tables import Flags, Integers, LinkedTables


def primary_cells(tables: LinkedTables, policy: Policy) -> Flags:
    """Counts within the policy's threshold and, if the policy requires it, rows that show one category for
    everybody in a group.
    """
    counts = tables.counts
    primary: Flags = (counts >= policy.suppress_from) & (counts <= policy.threshold)
    if policy.group_disclosure:
        primary[_group_disclosing_cells(tables)] = True
    return primary & ~tables.shape.unpublished


def _group_disclosing_cells(tables: LinkedTables) -> Integers:
    """The parts of each total whose people are all in one of several parts."""
    shape, counts = tables.shape, tables.counts
    groups = [
        children
        for parent, children in shape.sums()
        if counts[parent] > 0 and len(children) > 1 and np.count_nonzero(counts[children]) == 1
    ]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *groups]))
