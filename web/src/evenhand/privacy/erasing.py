"""What an erasure removes, what it leaves, and why. Called by the actions alone, in their transaction.

What is said about the person goes: their account, what leads to it, messages, free text, and of the record of changes
every text that names them or is about them. What they did stays under a random id, which leads to nobody.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.text import capfirst

from evenhand.authorities.models import Authority, Delegation, Invitation, Membership, User
from evenhand.ledger.models import Entry, Payload
from evenhand.notifications.models import Message
from evenhand.privacy import traces as tracing
from evenhand.privacy.registry import about_people, holders, ids, rows_about, rows_naming
from evenhand.privacy.traces import Place, Traces
from evenhand.privacy.words import called

ERASE = "privacy.erase"  # the entry that tells of an erasure names nobody, and stays
WHY_IT_STAYS = (
    "What is published stays as it was published, and what others wrote is theirs to mend. "
    "It may also be another person of the same name."
)
NAME = "A person who has left"
DOMAIN = "erased.invalid"


@dataclass(frozen=True)
class Line:
    """So many rows of one kind."""

    what: str
    number: int
    why: str = ""


@dataclass(frozen=True)
class Preview:
    goes: tuple[Line, ...]
    stays: tuple[Line, ...]
    named_elsewhere: tuple[Place, ...]


def is_erased(person: User) -> bool:
    return person.email.endswith(f"@{DOMAIN}")


def traces_of(person: User) -> Traces:
    """Every address and name under which the person is or was known here."""
    invited = Invitation.objects.filter(Q(accepted_by=person) | Q(email__iexact=person.email))
    emails = {person.email, *invited.values_list("email", flat=True), *_addresses(person)}
    names = {person.name, *invited.values_list("name", flat=True)}
    return Traces(frozenset(each.lower() for each in emails if each), frozenset(each for each in names if each))


def _addresses(person: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=person).values_list("email", flat=True))


def why_not(person: User, authority: Authority | None = None) -> str:
    """Why the person can't be erased now, or not by this authority; empty where nothing stands in the way."""
    if person.is_operator:
        return "This is the server's own name in the record of changes. It is about nobody."
    if is_erased(person):
        return "This person has been erased already."
    roles = Membership.objects.filter(user=person, ended_at=None).select_related("authority")
    if any(authority in (None, each.authority) for each in roles):
        where = ", ".join(sorted({each.authority.name for each in roles if authority in (None, each.authority)}))
        return f"{person} still has a role at {where}. End it first: what they have in hand is handed over then."
    if authority is not None and _belongs_elsewhere(person, authority):
        return (
            f"{person} works or worked for another authority here too, which answers for its own part. "
            "Ask whoever runs the server: the command “evenhand privacy erase” does it when both have agreed."
        )
    lent = Delegation.objects.filter(receiver=person, ended_early_at=None, ends_at__gte=timezone.now())
    if lent.exists():
        return "A role is lent to the person still. End that first."
    return ""


def payloads(person: User, traces: Traces) -> list[UUID]:
    """Entries of the record whose text names the person, or is about them and not about what they did."""
    named = Q(pk__in=[])
    for each in traces.spellings:
        named |= Q(text__icontains=each)
    own = _workplaces(person, traces)
    naming = [
        each.entry_id
        for each in Payload.objects.filter(named).select_related("entry")
        if (traces if each.entry.authority_id in own else traces.proved).are_in(_said(each.content))
    ]
    about = Payload.objects.filter(entry__subject_id__in=_subjects(person, traces)).exclude(entry__action=ERASE)
    return sorted({*naming, *about.values_list("entry_id", flat=True)})


def _workplaces(person: User, traces: Traces) -> set[UUID]:
    """Where the person works, worked or was invited: a name that they chose reaches no further."""
    worked = Membership.objects.filter(user=person).values_list("authority_id", flat=True)
    invited = Invitation.objects.filter(Q(accepted_by=person) | Q(email__in=traces.emails))
    return {*worked, *invited.values_list("authority_id", flat=True)}


def _said(content: object) -> str:
    """The values alone, with their letters as they are."""
    if isinstance(content, dict):
        return "\n".join(_said(each) for each in content.values())
    return "\n".join(_said(each) for each in content) if isinstance(content, list) else str(content)


def _subjects(person: User, traces: Traces) -> list[UUID]:
    """The person, and the rows that are about the person: not those of what the person did."""
    found = [str(person.id)]
    for model, about in about_people():
        if about.goes or about.blanks or model is Membership:
            found += ids(rows_about(model, about, person, traces))
    return [UUID(each) for each in found]


def carry_out(person: User, traces: Traces) -> dict[str, list[str]]:
    """Remove and blank; gives the ids of the rows that went, by model, so that a restored backup can be cleaned."""
    gone: dict[str, list[str]] = {}
    for model, about in about_people():
        rows = rows_about(model, about, person, traces)
        if about.goes:
            found = [*rows, *rows_naming(model, traces.emails, traces.proved), *_letters(model, person, traces)]
            if went := sorted(set(ids(found))):
                gone[model._meta.label_lower] = went
            model._default_manager.filter(pk__in=[row.pk for row in found]).delete()
        elif about.blanks:
            rows.update(**dict.fromkeys(about.blanks, ""))
    _unname(person)
    return gone


def _letters(model: type[Model], person: User, traces: Traces) -> list[Model]:
    """Messages to colleagues that name the person. To others they stay until they are sent: it may be a namesake."""
    if model is not Message:
        return []
    near = _workplaces(person, traces)
    colleagues = User.objects.filter(memberships__authority__in=near).values_list("email", flat=True)
    invited = Invitation.objects.filter(authority__in=near).values_list("email", flat=True)
    known = {each.lower() for each in (*colleagues, *invited)}
    named = rows_naming(model, traces.spellings, traces)
    return [each for each in named if isinstance(each, Message) and each.to.lower() in known]


def _unname(person: User) -> None:
    person.name, person.email = NAME, f"{person.id}@{DOMAIN}"
    person.password, person.last_login, person.is_active = "!", None, False
    person.left_at = person.left_at or timezone.now()
    person.save()


def clean_up(person: User, traces: Traces) -> None:
    """What stands outside the tables."""
    for holder in holders():
        holder.erase(person, traces)


def preview(person: User, traces: Traces) -> Preview:
    """What would happen, found by doing it and undoing it, so that it can't say anything else."""
    goes, stays = _counted(person, traces)
    entries = payloads(person, traces)
    goes.append(Line("Texts of the record of changes that name or are about the person", len(entries)))
    goes += [Line(capfirst(each.name), len(list(each.find(person, traces)))) for each in holders()]
    acted = Entry.objects.filter(actor_id=person.id).count()
    stays.append(Line("Entries of the record of changes: that somebody did it, and when", acted, "it names nobody"))
    with transaction.atomic():
        Payload.objects.filter(entry_id__in=entries).delete()
        carry_out(person, traces)
        left = tracing.in_database(traces)
        transaction.set_rollback(True)
    person.refresh_from_db()
    return Preview(
        tuple(each for each in goes if each.number), tuple(each for each in stays if each.number), tuple(left)
    )


def _counted(person: User, traces: Traces) -> tuple[list[Line], list[Line]]:
    goes, stays = [Line("Name, e-mail address and password", 1)], []
    for model, about in about_people():
        number = rows_about(model, about, person, traces).count()
        what = called(model)
        if about.goes:
            goes.append(Line(what, number))
        elif model not in (User, Entry, Payload):
            stays.append(Line(what, number, about.why))
    return goes, stays


def erase_rows(rows: dict[str, list[str]]) -> Counter[str]:
    """Remove rows by their ids: what an earlier erasure removed and a restored backup brought back."""
    removed: Counter[str] = Counter()
    for model, _about in about_people():
        again = rows.get(model._meta.label_lower)
        if again and model is not Payload:  # whose erasure is an entry of the record too
            removed[model._meta.label_lower] += model._default_manager.filter(pk__in=again).delete()[0]
    return removed


def folders() -> list[Path]:
    """Where files of the site stand: what it keeps, its mail, and on SQLite its database."""
    roots = [*settings.EVENHAND_FILE_ROOTS.values(), Path(settings.EMAIL_FILE_PATH)]
    if connection.vendor == "sqlite":
        roots.append(Path(str(connection.settings_dict["NAME"])).parent)
    outermost = {root for root in roots if not any(other != root and root.is_relative_to(other) for other in roots)}
    return sorted(outermost)


def _belongs_elsewhere(person: User, authority: Authority) -> bool:
    return Membership.objects.filter(user=person).exclude(authority=authority).exists()
