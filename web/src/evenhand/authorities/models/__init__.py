"""The models of this app: authorities and their units, people and their roles, and assigned work."""

from evenhand.authorities.models.access import Delegation, GroupRole, Invitation
from evenhand.authorities.models.bodies import Authority, Succession, Unit
from evenhand.authorities.models.people import Membership, User, UserManager
from evenhand.authorities.models.work import Assignment

__all__ = [
    "Assignment",
    "Authority",
    "Delegation",
    "GroupRole",
    "Invitation",
    "Membership",
    "Succession",
    "Unit",
    "User",
    "UserManager",
]
