"""What an erasure removes, what it keeps, and why. Only called by the actions, in their transaction.

Data about the person is removed: their account and everything linked to it, messages, free text, and the details of
entries in the record of changes that name them or are about them. What they did stays in the record under a random id,
which can't be traced back to anyone.
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
from evenhand.privacy.identifiers import Identifiers, Mention, mentions_in_database
from evenhand.privacy.labels import label_of
from evenhand.privacy.registry import data_stores, ids, models_about_people, rows_about, rows_mentioning

ERASE = "privacy.erase"  # the entry that records an erasure names nobody, and is kept
WHY_MENTIONS_REMAIN = (
    "Published information stays as it was published, and only the authors can change what other people wrote. "
    "It may also be a different person with the same name."
)
NAME = "A person who has left"
DOMAIN = "erased.invalid"


@dataclass(frozen=True)
class ErasureCount:
    """The number of rows of one kind."""

    label: str
    number: int
    reason: str = ""


@dataclass(frozen=True)
class ErasurePreview:
    erased: tuple[ErasureCount, ...]
    kept: tuple[ErasureCount, ...]
    remaining_mentions: tuple[Mention, ...]


def is_erased(person: User) -> bool:
    return person.email.endswith(f"@{DOMAIN}")


def identifiers_of(person: User) -> Identifiers:
    """Every email address and name that the person has or had on this site."""
    invitations = Invitation.objects.filter(Q(accepted_by=person) | Q(email__iexact=person.email))
    emails = {person.email, *invitations.values_list("email", flat=True), *_email_addresses(person)}
    names = {person.name, *invitations.values_list("name", flat=True)}
    return Identifiers(frozenset(email.lower() for email in emails if email), frozenset(name for name in names if name))


def _email_addresses(person: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=person).values_list("email", flat=True))


def obstacle_to_erasure(person: User, authority: Authority | None = None) -> str:
    """Why the person can't be erased now, or not by this authority. Empty if they can."""
    if person.is_operator:
        return "This account represents the server in the record of changes. It is not a person."
    if is_erased(person):
        return "This person has already been erased."
    memberships = Membership.objects.filter(user=person, ended_at=None).select_related("authority")
    names = {membership.authority.name for membership in memberships if authority in (None, membership.authority)}
    if names:
        return (
            f"{person} still has a role at {', '.join(sorted(names))}. "
            "End their access first, so that their work is handed over."
        )
    if authority is not None and _worked_elsewhere(person, authority):
        return (
            f"{person} works or has worked for another authority on this site, which is a controller of its own data. "
            "Ask the people who run the server: they can use “evenhand privacy erase” once both authorities agree."
        )
    delegations = Delegation.objects.filter(receiver=person, ended_early_at=None, ends_at__gte=timezone.now())
    if delegations.exists():
        return "A role is still delegated to this person. End the delegation first."
    return ""


def entries_to_erase(person: User, identifiers: Identifiers) -> list[UUID]:
    """Record entries whose details name the person, or are about the person rather than what they did."""
    mentioning = Q(pk__in=[])
    for spelling in identifiers.spellings:
        mentioning |= Q(text__icontains=spelling)
    own_authorities = _authorities_of(person, identifiers)
    naming = [
        payload.entry_id
        for payload in Payload.objects.filter(mentioning).select_related("entry")
        if (identifiers if payload.entry.authority_id in own_authorities else identifiers.emails_only).appear_in(
            _text_of(payload.content)
        )
    ]
    about = Payload.objects.filter(entry__subject_id__in=_subject_ids(person, identifiers))
    about = about.exclude(entry__action=ERASE)
    return sorted({*naming, *about.values_list("entry_id", flat=True)})


def _authorities_of(person: User, identifiers: Identifiers) -> set[UUID]:
    """Where the person works, worked or was invited. A name they chose is only searched for at these authorities."""
    worked = Membership.objects.filter(user=person).values_list("authority_id", flat=True)
    invitations = Invitation.objects.filter(Q(accepted_by=person) | Q(email__in=identifiers.emails))
    return {*worked, *invitations.values_list("authority_id", flat=True)}


def _text_of(content: object) -> str:
    """The values only, without JSON escapes."""
    if isinstance(content, dict):
        return "\n".join(_text_of(value) for value in content.values())
    return "\n".join(_text_of(item) for item in content) if isinstance(content, list) else str(content)


def _subject_ids(person: User, identifiers: Identifiers) -> list[UUID]:
    """The ids of the person and of rows about the person, but not of rows about what the person did."""
    subject_ids = [str(person.id)]
    for model, data_subject in models_about_people():
        if data_subject.erased or data_subject.blanked or model is Membership:
            subject_ids += ids(rows_about(model, data_subject, person, identifiers))
    return [UUID(subject_id) for subject_id in subject_ids]


def remove_personal_data(person: User, identifiers: Identifiers) -> dict[str, list[str]]:
    """Delete rows and blank free text. Returns the ids of deleted rows by model, for use after a backup is restored."""
    deleted: dict[str, list[str]] = {}
    for model, data_subject in models_about_people():
        rows = rows_about(model, data_subject, person, identifiers)
        if data_subject.erased:
            to_delete = [
                *rows,
                *rows_mentioning(model, identifiers.emails, identifiers.emails_only),
                *_messages_to_colleagues(model, person, identifiers),
            ]
            if row_ids := sorted(set(ids(to_delete))):
                deleted[model._meta.label_lower] = row_ids
            model._default_manager.filter(pk__in=[row.pk for row in to_delete]).delete()
        elif data_subject.blanked:
            rows.update(**dict.fromkeys(data_subject.blanked, ""))
    _anonymise(person)
    return deleted


def _messages_to_colleagues(model: type[Model], person: User, identifiers: Identifiers) -> list[Model]:
    """Messages to colleagues that name the person. Messages to others are kept: they may mean someone else."""
    if model is not Message:
        return []
    authorities = _authorities_of(person, identifiers)
    colleagues = User.objects.filter(memberships__authority__in=authorities).values_list("email", flat=True)
    invited = Invitation.objects.filter(authority__in=authorities).values_list("email", flat=True)
    addresses = {email.lower() for email in (*colleagues, *invited)}
    messages = rows_mentioning(model, identifiers.spellings, identifiers)
    return [message for message in messages if isinstance(message, Message) and message.to.lower() in addresses]


def _anonymise(person: User) -> None:
    person.name, person.email = NAME, f"{person.id}@{DOMAIN}"
    person.password, person.last_login, person.is_active = "!", None, False
    person.left_at = person.left_at or timezone.now()
    person.save()


def erase_outside_database(person: User, identifiers: Identifiers) -> None:
    for store in data_stores():
        store.erase(person, identifiers)


def preview(person: User, identifiers: Identifiers) -> ErasurePreview:
    """What an erasure would do. It is carried out and rolled back, so the preview always matches."""
    erased, kept = _count_rows(person, identifiers)
    entry_ids = entries_to_erase(person, identifiers)
    erased.append(ErasureCount("Details of record entries that name or are about the person", len(entry_ids)))
    erased += [
        ErasureCount(capfirst(store.name), len(list(store.find(person, identifiers)))) for store in data_stores()
    ]
    acted = Entry.objects.filter(actor_id=person.id).count()
    kept.append(ErasureCount("Record entries that show someone did something, and when", acted, "they name nobody"))
    with transaction.atomic():
        Payload.objects.filter(entry_id__in=entry_ids).delete()
        remove_personal_data(person, identifiers)
        mentions = mentions_in_database(identifiers)
        transaction.set_rollback(True)
    person.refresh_from_db()
    return ErasurePreview(
        tuple(count for count in erased if count.number),
        tuple(count for count in kept if count.number),
        tuple(mentions),
    )


def _count_rows(person: User, identifiers: Identifiers) -> tuple[list[ErasureCount], list[ErasureCount]]:
    erased, kept = [ErasureCount("Name, email address and password", 1)], []
    for model, data_subject in models_about_people():
        number = rows_about(model, data_subject, person, identifiers).count()
        if data_subject.erased:
            erased.append(ErasureCount(label_of(model), number))
        elif model not in (User, Entry, Payload):
            kept.append(ErasureCount(label_of(model), number, data_subject.reason))
    return erased, kept


def delete_rows(rows: dict[str, list[str]]) -> Counter[str]:
    """Delete rows by id: those that an earlier erasure deleted and a restored backup brought back."""
    deleted: Counter[str] = Counter()
    for model, _data_subject in models_about_people():
        row_ids = rows.get(model._meta.label_lower)
        if row_ids and model is not Payload:  # erasing payloads needs an entry in the record
            deleted[model._meta.label_lower] += model._default_manager.filter(pk__in=row_ids).delete()[0]
    return deleted


def folders() -> list[Path]:
    """The folders with the site's files: uploads and outputs, saved emails and, on SQLite, the database."""
    roots = [*settings.EVENHAND_FILE_ROOTS.values(), Path(settings.EMAIL_FILE_PATH)]
    if connection.vendor == "sqlite":
        roots.append(Path(str(connection.settings_dict["NAME"])).parent)
    outermost = {root for root in roots if not any(other != root and root.is_relative_to(other) for other in roots)}
    return sorted(outermost)


def _worked_elsewhere(person: User, authority: Authority) -> bool:
    return Membership.objects.filter(user=person).exclude(authority=authority).exists()
