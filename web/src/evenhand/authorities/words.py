"""The record of changes in words: what each action did, what kind of thing it was about, who did it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import User
from evenhand.ledger.models import Entry

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
    "evidence.looked": _("looked at figures before they were protected"),
    "ledger.erase": _("erased the details of entries"),
}
KINDS: dict[str, Promise] = {
    "release": _("publication"),
    "dataset": _("set of figures"),
    "snapshot": _("figures of a year"),
    "membership": _("a person's role"),
    "record": _("the record itself"),
}
NOBODY = _("Somebody who is not known any more")


def words(action: str) -> str | Promise:
    return WORDS.get(action) or action.replace(".", ": ").replace("_", " ")


def kind_of(entry: Entry) -> str | Promise:
    return KINDS.get(entry.subject_kind, entry.subject_kind)


def doers(entries: Iterable[Entry]) -> dict[Any, str]:
    """The names of those who acted, by their ids; of whoever is not known any more there is none."""
    return {person.id: person.name for person in User.objects.in_bulk({each.actor_id for each in entries}).values()}


def to_show(action: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry said, without what 0.1.0 wrote into it and should not have: the digest of a file of unprotected
    figures, which would confirm a guess at a hidden one."""
    if action != "evidence.import_workforce":
        return dict(content)
    after = {name: value for name, value in (content.get("after") or {}).items() if name != "sha256"}
    return {**content, "after": after}
