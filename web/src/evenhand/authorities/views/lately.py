"""What changed lately at the authorities that a person works for, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import recent_entries

SHOWN = 8
WORDS: dict[str, Promise] = {
    "authorities.add": _("added the authority"),
    "authorities.move": _("gave the authority another address"),
    "authorities.change_details": _("changed the authority's details"),
    "authorities.join": _("changed the body that the authority is a member of"),
    "authorities.record_succession": _("recorded a body that came before"),
    "authorities.close": _("set the day on which the authority closes"),
    "authorities.add_unit": _("added a unit"),
    "authorities.rename_unit": _("renamed a unit"),
    "authorities.move_unit": _("moved a unit"),
    "authorities.close_unit": _("closed a unit"),
    "authorities.add_member": _("gave a person a role"),
    "authorities.change_roles": _("changed a person's roles"),
    "authorities.place": _("put a person in a unit"),
    "authorities.end_access": _("ended a person's access"),
    "authorities.invite": _("invited a person"),
    "authorities.send_again": _("sent an invitation again"),
    "authorities.withdraw": _("withdrew an invitation"),
    "authorities.accept": _("accepted an invitation"),
    "authorities.delegate": _("lent a role to a colleague"),
    "authorities.end_delegation": _("ended the lending of a role"),
    "authorities.map_group": _("let a group give a role"),
    "authorities.unmap_group": _("let a group give a role no more"),
    "authorities.sync_roles": _("brought a person's roles into line with their groups"),
    "authorities.assign": _("put work in a person's hands"),
    "authorities.hand_over": _("handed work over"),
    "authorities.finish": _("took work off a person's list"),
    "evidence.import_workforce": _("took figures in"),
    "evidence.describe": _("said what a set of figures is"),
    "plans.import": _("took a plan in"),
    "plans.publish": _("published a plan"),
    "releases.draft": _("began a publication"),
    "releases.protect": _("protected the figures of a publication"),
    "releases.check": _("had a publication checked"),
    "releases.approve": _("approved a publication"),
    "releases.publish": _("published figures"),
    "releases.reopen": _("reopened a publication"),
    "privacy.receive": _("took in a request about data"),
    "privacy.close": _("closed a request about data"),
    "privacy.look_up": _("looked up what is held about a person"),
    "privacy.erase": _("erased what was held about a person"),
    "privacy.object_to_analysis": _("recorded an objection to analysis"),
    "privacy.withdraw_objection": _("ended an objection to analysis"),
}


@dataclass(frozen=True)
class Happened:
    who: str
    what: str | Promise
    at: datetime
    authority: Authority


def lately(person: User, authorities: Iterable[Authority]) -> list[Happened]:
    """Of those authorities alone whose record of changes the person may see."""
    open_to = [each for each in authorities if may(person, Permission.SEE_RECORD, each).allowed]
    return _told(open_to) if open_to else []


def _told(authorities: Collection[Authority]) -> list[Happened]:
    entries = recent_entries(authorities, SHOWN)
    people = User.objects.in_bulk({each.actor_id for each in entries})
    bodies = {each.id: each for each in authorities}
    return [
        Happened(
            who=people[each.actor_id].name if each.actor_id in people else str(_("Somebody who is not known any more")),
            what=WORDS.get(each.action) or each.action.replace(".", ": ").replace("_", " "),
            at=each.at,
            authority=bodies[each.authority_id],
        )
        for each in entries
        if each.authority_id in bodies
    ]
