"""Subject access reports: all the personal data held about one person, without secrets or other people's data.

The report is built from the models' declarations, so a new model is included from the start. Names of other people,
and any email address that is not the person's own, are redacted: they are other people's data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Field, Model, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, Invitation, User
from evenhand.authorities.record_words import describe_action, describe_subject_kind, displayed_content
from evenhand.ledger.models import Entry, Payload
from evenhand.privacy.erasing import entries_to_erase, identifiers_of
from evenhand.privacy.identifiers import Identifiers
from evenhand.privacy.labels import label_of
from evenhand.privacy.registry import data_stores, for_authority, models_about_people, rows_about
from evenhand.records.classification import AGGREGATE_ONLY, SECRET, classification_of, retention_of

WITHHELD = (SECRET, AGGREGATE_ONLY)  # counts about a workforce are not personal data of the person who uploaded them
FIELD_LABELS = {  # on pages, for names of fields that do not explain themselves; files keep the names
    "args kwargs": _("input of the task"),
    "csv sha256": _("fingerprint of the file of figures (SHA-256)"),
    "data": _("other details"),
    "expire date": _("expires"),
    "file sha256": _("fingerprint of the file (SHA-256)"),
    "giver": _("who is away"),
    "in_hand_of": _("assigned to"),
    "imported at": _("uploaded at"),
    "imported by": _("uploaded by"),
    "ip": _("IP address"),
    "is active": _("can sign in"),
    "is operator": _("account of commands on the server"),
    "last login": _("last sign-in"),
    "receiver": _("who covers"),
    "slug": _("web address"),
    "subject id": _("ID of the subject"),
    "subject kind": _("type of subject"),
    "uid": _("ID in the sign-in service"),
}
EMAIL_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+@localhost")


@dataclass(frozen=True)
class DataCategory:
    """One category of personal data: why it is kept, and its rows, with the fields in the model's order."""

    title: str
    retention_reason: str
    withheld: tuple[str, ...]  # fields that are named but not shown: secrets, and counts about a workforce
    rows: tuple[dict[str, Any], ...]

    @property
    def display_rows(self) -> list[list[tuple[str, str]]]:
        """The rows as labels and text, without empty values."""
        labels = {gettext("what"): gettext("action"), gettext("what it said"): gettext("details")}
        labels |= {name: str(label) for name, label in FIELD_LABELS.items()}
        return [
            [
                (capfirst(labels.get(name, name)), _display_field(name, value))
                for name, value in row.items()
                if value not in (None, "", [], {})
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class SubjectAccessReport:
    name: str
    email: str
    made_at: datetime
    categories: tuple[DataCategory, ...]

    @property
    def row_count(self) -> int:
        return sum(len(category.rows) for category in self.categories)

    def as_data(self) -> dict[str, Any]:
        return {
            "about": {"name": self.name, "email": self.email},
            "made_at": self.made_at.isoformat(),
            "held": [
                {
                    "what": category.title,
                    "kept": category.retention_reason,
                    "withheld": list(category.withheld),
                    "rows": list(category.rows),
                }
                for category in self.categories
            ],
        }


def _display_field(name: str, value: Any) -> str:
    return str(describe_subject_kind(value)) if name == "subject kind" else display_value(value)


def _detail_label(name: str) -> str:
    return str(FIELD_LABELS.get(name, name.replace("_", " ")))


def display_value(value: Any) -> str:
    """A value as text. An empty value is shown as “none”."""
    if isinstance(value, dict):
        return "; ".join(f"{_detail_label(name)}: {display_value(item)}" for name, item in value.items()) or gettext(
            "none"
        )
    if isinstance(value, list):
        return ", ".join(display_value(item) for item in value) or gettext("none")
    return gettext("none") if value is None or value == "" else str(value)


def personal_data_of(person: User, authority: Authority | None = None) -> SubjectAccessReport:
    """All personal data about the person; or, if one authority answers, its own part and the person's account."""
    identifiers = identifiers_of(person)
    redactor = _Redactor(person, identifiers)
    categories = [
        *_model_categories(person, identifiers, authority, redactor),
        _record_category(person, identifiers, authority, redactor),
    ]
    if authority is None:
        categories += _store_categories(person, identifiers, redactor)
    not_empty = tuple(category for category in categories if category.rows)
    return SubjectAccessReport(person.name, person.email, timezone.now(), not_empty)


class _Redactor:
    """Replaces other people's names and email addresses in text."""

    def __init__(self, person: User, identifiers: Identifiers) -> None:
        self._own_emails = identifiers.emails
        people = User.objects.exclude(id=person.id).exclude(is_operator=True).values_list("name", flat=True)
        invited = Invitation.objects.exclude(accepted_by=person).values_list("name", flat=True)
        names = {name for name in (*people, *invited) if len(name) > 2} - identifiers.names
        alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._names = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if alternatives else None

    def redact(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.redact(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact(item) for item in value]
        return self._redact_text(value) if isinstance(value, str) else value

    def _redact_text(self, text: str) -> str:
        text = EMAIL_ADDRESS.sub(
            lambda match: match[0] if match[0].lower().strip("'") in self._own_emails else gettext("[another address]"),
            text,
        )
        return self._names.sub(gettext("[another person]"), text) if self._names else text


def _model_categories(
    person: User, identifiers: Identifiers, authority: Authority | None, redactor: _Redactor
) -> Iterator[DataCategory]:
    for model, data_subject in models_about_people():
        if model in (Entry, Payload):
            continue
        rows = for_authority(rows_about(model, data_subject, person, identifiers), authority)
        retention, fields = retention_of(model), classification_of(model)
        yield DataCategory(
            title=label_of(model),
            retention_reason=str(retention or ""),
            withheld=tuple(name.replace("_", " ") for name, level in fields.items() if level in WITHHELD),
            rows=tuple(_row(row, person, redactor) for row in rows),
        )


def _row(row: Model, person: User, redactor: _Redactor) -> dict[str, Any]:
    classes = classification_of(type(row))
    shown = (field for field in row._meta.local_fields if classes.get(field.name) not in WITHHELD)
    return {str(field.verbose_name): _field_value(row, field, person, redactor) for field in shown}


def _field_value(row: Model, field: "Field[Any, Any]", person: User, redactor: _Redactor) -> Any:
    value = getattr(row, field.attname)
    if field.related_model is User and value is not None:
        return gettext("you") if value == person.id else gettext("another person")
    if field.related_model is Authority and value is not None:
        return str(Authority.objects.get(id=value))
    if field.choices and value not in (None, ""):
        return str(dict(field.flatchoices).get(value, value))
    return redactor.redact(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value, (int, float, dict, list, type(None))):
        return value
    return str(value)


def _record_category(
    person: User, identifiers: Identifiers, authority: Authority | None, redactor: _Redactor
) -> DataCategory:
    entries = for_authority(_entries(person, identifiers, authority), authority)
    entries_by_id = {entry.id: entry for entry in entries}
    payloads = Payload.objects.filter(entry_id__in=list(entries_by_id))
    contents = {payload.entry_id: payload.content for payload in payloads}
    return DataCategory(
        title=gettext("Record of changes"),
        retention_reason=gettext("permanently, under a random id, to show who did what, when and why"),
        withheld=(),
        rows=tuple(
            {
                gettext("when"): _plain(entry.at),
                gettext("what"): str(describe_action(entry.action)),
                gettext("done by"): gettext("you") if entry.actor_id == person.id else gettext("another person"),
                gettext("what it said"): redactor.redact(
                    displayed_content(entry.action, contents[entry.id]) if entry.id in contents else gettext("erased")
                ),
            }
            for entry in entries_by_id.values()
        ),
    )


def _entries(person: User, identifiers: Identifiers, authority: Authority | None) -> QuerySet[Entry]:
    """Entries by the person, about the person, or containing the person's email address.

    People choose their own display name, so a name alone only matches entries of the authority that answers.
    """
    matches = (
        Q(actor_id=person.id)
        | Q(id__in=entries_to_erase(person, identifiers.emails_only))
        | Q(id__in=_entries_with_id_of(person))
    )
    if authority is not None:
        matches |= Q(id__in=entries_to_erase(person, identifiers), authority_id=authority.id)
    return Entry.objects.filter(matches)


def _entries_with_id_of(person: User) -> Any:
    return Payload.objects.filter(text__contains=str(person.id)).values("entry_id")


def _store_categories(person: User, identifiers: Identifiers, redactor: _Redactor) -> Iterator[DataCategory]:
    for store in data_stores():
        rows = tuple({store.name: redactor.redact(line)} for line in store.find(person, identifiers))
        yield DataCategory(title=capfirst(store.name), retention_reason="", withheld=(), rows=rows)
