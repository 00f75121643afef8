"""The actions that change authorities, units, people, roles, invitations, delegations and assignments."""

from evenhand.authorities.actions.assignments import assign, finish, hand_over
from evenhand.authorities.actions.bodies import add, change_details, close, join, move, record_succession
from evenhand.authorities.actions.delegations import delegate, end_delegation
from evenhand.authorities.actions.groups import map_group, sync_roles, unmap_group
from evenhand.authorities.actions.invitations import accept, accept_as, invite, send_again, withdraw
from evenhand.authorities.actions.people import add_member, change_roles, end_access, place
from evenhand.authorities.actions.units import add_unit, close_unit, move_unit, rename_unit

__all__ = [
    "accept",
    "accept_as",
    "add",
    "add_member",
    "add_unit",
    "assign",
    "change_details",
    "change_roles",
    "close",
    "close_unit",
    "delegate",
    "end_access",
    "end_delegation",
    "finish",
    "hand_over",
    "invite",
    "join",
    "map_group",
    "move",
    "move_unit",
    "place",
    "record_succession",
    "rename_unit",
    "send_again",
    "sync_roles",
    "unmap_group",
    "withdraw",
]
