"""The answer to “what do you hold about me?”: every row about a person, without secrets and without anybody else.

Found from the models themselves, so that a new one is in it from its first day. What names another person, or any
address but the person's own, is replaced: their data is not the person's.
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

from evenhand.authorities.models import Authority, Invitation, User
from evenhand.authorities.words import to_show
from evenhand.authorities.words import words as did
from evenhand.ledger.models import Entry, Payload
from evenhand.privacy.erasing import payloads, traces_of
from evenhand.privacy.registry import about_people, holders, of_authority, rows_about
from evenhand.privacy.traces import Traces
from evenhand.privacy.words import called
from evenhand.records.classification import AGGREGATE_ONLY, SECRET, classification_of, retention_of

WITHHELD = (SECRET, AGGREGATE_ONLY)  # figures about a workforce are not data about whoever took them in
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+@localhost")


@dataclass(frozen=True)
class Section:
    """One kind of thing: why it is kept, and each row in the order of its fields."""

    title: str
    why: str
    withheld: tuple[str, ...]  # fields whose names alone are said: secrets, and counts of a workforce
    rows: tuple[dict[str, Any], ...]

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """The rows for reading: each value in words, without what is empty."""
        return [
            [(capfirst(name), words(value)) for name, value in row.items() if value not in (None, "", [], {})]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Answer:
    name: str
    email: str
    made_at: datetime
    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "about": {"name": self.name, "email": self.email},
            "made_at": self.made_at.isoformat(),
            "held": [
                {"what": each.title, "kept": each.why, "withheld": list(each.withheld), "rows": list(each.rows)}
                for each in self.sections
            ],
        }


def words(value: Any) -> str:
    """A value as a person reads it. What is empty says so."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {words(each)}" for name, each in value.items()) or gettext("nothing")
    if isinstance(value, list):
        return ", ".join(words(each) for each in value) or gettext("nothing")
    return gettext("nothing") if value is None or value == "" else str(value)


def held_about(person: User, authority: Authority | None = None) -> Answer:
    """Everything; or, where one authority answers, what it holds and the account that the person has here."""
    traces = traces_of(person)
    others = _Others(person, traces)
    sections = [*_of_models(person, traces, authority, others), _of_record(person, traces, authority, others)]
    if authority is None:
        sections += _of_holders(person, traces, others)
    filled = tuple(each for each in sections if each.rows)
    return Answer(person.name, person.email, timezone.now(), filled)


class _Others:
    """Whoever else the texts may name, and the words that stand in their place."""

    def __init__(self, person: User, traces: Traces) -> None:
        self._own = traces.emails
        people = User.objects.exclude(id=person.id).exclude(is_operator=True).values_list("name", flat=True)
        invited = Invitation.objects.exclude(accepted_by=person).values_list("name", flat=True)
        names = {name for name in (*people, *invited) if len(name) > 2} - traces.names
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._names = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if either else None

    def hidden(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.hidden(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.hidden(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        own = self._own
        text = ADDRESS.sub(
            lambda found: found[0] if found[0].lower().strip("'") in own else gettext("[another address]"), text
        )
        return self._names.sub(gettext("[another person]"), text) if self._names else text


def _of_models(person: User, traces: Traces, authority: Authority | None, others: _Others) -> Iterator[Section]:
    for model, about in about_people():
        if model in (Entry, Payload):
            continue
        rows = of_authority(rows_about(model, about, person, traces), authority)
        kept, fields = retention_of(model), classification_of(model)
        yield Section(
            title=called(model),
            why=kept.why if kept else "",
            withheld=tuple(name.replace("_", " ") for name, level in fields.items() if level in WITHHELD),
            rows=tuple(_row(row, person, others) for row in rows),
        )


def _row(row: Model, person: User, others: _Others) -> dict[str, Any]:
    classes = classification_of(type(row))
    shown = (field for field in row._meta.local_fields if classes.get(field.name) not in WITHHELD)
    return {str(field.verbose_name): _value(row, field, person, others) for field in shown}


def _value(row: Model, field: "Field[Any, Any]", person: User, others: _Others) -> Any:
    value = getattr(row, field.attname)
    if field.related_model is User and value is not None:
        return gettext("you") if value == person.id else gettext("another person")
    if field.related_model is Authority and value is not None:
        return str(Authority.objects.get(id=value))
    if field.choices and value not in (None, ""):
        return str(dict(field.flatchoices).get(value, value))
    return others.hidden(_plain(value))


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


def _of_record(person: User, traces: Traces, authority: Authority | None, others: _Others) -> Section:
    from_them = {each.id: each for each in of_authority(_entries(person, traces, authority), authority)}
    texts = {each.entry_id: each.content for each in Payload.objects.filter(entry_id__in=list(from_them))}
    return Section(
        title=gettext("Record of changes"),
        why=gettext("who did what, when and why: for ever, under a random id"),
        withheld=(),
        rows=tuple(
            {
                gettext("when"): _plain(entry.at),
                gettext("what"): str(did(entry.action)),
                gettext("done by"): gettext("you") if entry.actor_id == person.id else gettext("another person"),
                gettext("what it said"): others.hidden(
                    to_show(entry.action, texts[entry.id]) if entry.id in texts else gettext("erased")
                ),
            }
            for entry in from_them.values()
        ),
    )


def _entries(person: User, traces: Traces, authority: Authority | None) -> QuerySet[Entry]:
    """In which they act, which are about them, or which give their address.

    People choose their names, so a name alone finds only what stands in the record of the authority that answers.
    """
    found = Q(actor_id=person.id) | Q(id__in=payloads(person, traces.proved)) | Q(id__in=_mentioning(person))
    if authority is not None:
        found |= Q(id__in=payloads(person, traces), authority_id=authority.id)
    return Entry.objects.filter(found)


def _mentioning(person: User) -> Any:
    return Payload.objects.filter(text__contains=str(person.id)).values("entry_id")


def _of_holders(person: User, traces: Traces, others: _Others) -> Iterator[Section]:
    for holder in holders():
        lines = tuple({holder.name: others.hidden(line)} for line in holder.find(person, traces))
        yield Section(title=capfirst(holder.name), why="", withheld=(), rows=lines)
