"""Queries about authorities, people, units, invitations, delegations and assignments."""

from evenhand.authorities.queries.bodies import (
    NAMESPACE,
    UnknownAuthority,
    authorities,
    authority,
    authority_or_404,
    bodies_above,
    has_demonstration,
    later_bodies,
    predecessors,
    successors,
)
from evenhand.authorities.queries.invitations import open_invitation, unanswered_invitations
from evenhand.authorities.queries.people import (
    Colleague,
    UnknownPerson,
    actor,
    administrators,
    authorities_of,
    colleague,
    colleagues,
    operator,
    person,
    roles_of,
    working_at,
)
from evenhand.authorities.queries.units import UnitBranch, open_units, tree, units_below
from evenhand.authorities.queries.work import delegations_of, open_assignments, recent_entries, visible_assignments

__all__ = [
    "NAMESPACE",
    "Colleague",
    "UnitBranch",
    "UnknownAuthority",
    "UnknownPerson",
    "actor",
    "administrators",
    "authorities",
    "authorities_of",
    "authority",
    "authority_or_404",
    "bodies_above",
    "colleague",
    "colleagues",
    "delegations_of",
    "has_demonstration",
    "later_bodies",
    "open_assignments",
    "open_invitation",
    "open_units",
    "operator",
    "person",
    "predecessors",
    "recent_entries",
    "roles_of",
    "successors",
    "tree",
    "unanswered_invitations",
    "units_below",
    "visible_assignments",
    "working_at",
]
