"""The texts of the record of changes: what each action did, what it was about and who did it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import User
from evenhand.ledger.models import Entry

ACTIONS: dict[str, Promise] = {
    "authorities.add": _("Added the authority"),
    "authorities.move": _("Changed the authority’s web address"),
    "authorities.change_details": _("Changed the authority’s details"),
    "authorities.join": _("Changed which body the authority is a member of"),
    "authorities.record_succession": _("Recorded a predecessor body"),
    "authorities.close": _("Set the date on which the authority closes"),
    "authorities.add_unit": _("Added a unit"),
    "authorities.rename_unit": _("Renamed a unit"),
    "authorities.move_unit": _("Moved a unit"),
    "authorities.close_unit": _("Closed a unit"),
    "authorities.add_member": _("Gave a person a role"),
    "authorities.change_roles": _("Changed a person’s roles"),
    "authorities.place": _("Changed a person’s unit"),
    "authorities.end_access": _("Ended a person’s access"),
    "authorities.invite": _("Invited a person"),
    "authorities.send_again": _("Sent an invitation again"),
    "authorities.withdraw": _("Withdrew an invitation"),
    "authorities.accept": _("Accepted an invitation"),
    "authorities.delegate": _("Delegated a role to a colleague"),
    "authorities.end_delegation": _("Ended a delegation"),
    "authorities.map_group": _("Added a role for a group"),
    "authorities.unmap_group": _("Removed a role from a group"),
    "authorities.sync_roles": _("Updated a person’s roles from their groups"),
    "authorities.assign": _("Assigned work"),
    "authorities.hand_over": _("Handed work over"),
    "authorities.finish": _("Finished assigned work"),
    "evidence.import_workforce": _("Uploaded figures"),
    "evidence.describe": _("Described a data set"),
    "plans.import": _("Uploaded a plan"),
    "plans.publish": _("Published a plan"),
    "releases.draft": _("Started a publication"),
    "releases.protect": _("Protected the figures of a publication"),
    "releases.check": _("Checked a publication"),
    "releases.approve": _("Approved a publication"),
    "releases.publish": _("Published figures"),
    "releases.reopen": _("Reopened a publication"),
    "privacy.receive": _("Received a request about personal data"),
    "privacy.close": _("Closed a request about personal data"),
    "privacy.look_up": _("Looked up the data held about a person"),
    "privacy.erase": _("Erased the data held about a person"),
    "privacy.object_to_analysis": _("Recorded an objection to analysis"),
    "privacy.withdraw_objection": _("Ended an objection to analysis"),
    "evidence.looked": _("Viewed unprotected figures"),
    "ledger.erase": _("Erased the details of entries"),
}
SUBJECT_KINDS: dict[str, Promise] = {
    "release": _("publication"),
    "dataset": _("data set"),
    "snapshot": _("figures of a year"),
    "membership": _("a person’s role"),
    "record": _("the record itself"),
}
UNKNOWN_PERSON = _("Unknown person")


def describe_action(action: str) -> str | Promise:
    return ACTIONS.get(action) or action.replace(".", ": ").replace("_", " ")


def describe_subject_kind(entry: Entry) -> str | Promise:
    return SUBJECT_KINDS.get(entry.subject_kind, entry.subject_kind)


def actor_names(entries: Iterable[Entry]) -> dict[Any, str]:
    """The names of the people who made the entries, by id. People whose account has been removed are left out."""
    return {person.id: person.name for person in User.objects.in_bulk({entry.actor_id for entry in entries}).values()}


def displayed_content(action: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an entry, without the digest of the uploaded file that version 0.1.0 recorded by mistake.

    The digest of a file of unprotected figures would confirm a correct guess at a suppressed one.
    """
    if action != "evidence.import_workforce":
        return dict(content)
    after = {name: value for name, value in (content.get("after") or {}).items() if name != "sha256"}
    return {**content, "after": after}
