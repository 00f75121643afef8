"""What is known of bodies, people, units, invitations and who has what in hand."""

from evenhand.authorities.queries.bodies import (
    NAMESPACE,
    UnknownAuthority,
    authorities,
    authority,
    authority_or_404,
    bodies_above,
    holds_a_demonstration,
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
from evenhand.authorities.queries.units import Branch, open_units, tree, units_below
from evenhand.authorities.queries.work import delegations_of, in_hand, recent_entries, visible

__all__ = [
    "NAMESPACE",
    "Branch",
    "Colleague",
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
    "holds_a_demonstration",
    "in_hand",
    "later_bodies",
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
    "visible",
    "working_at",
]
