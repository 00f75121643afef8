"""The record of changes in words: what was done and to what, by whom, and what changed."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.subjects import Names, name_subjects
from evenhand.ledger.models import Entry
from evenhand.ledger.queries import has_details
from evenhand.modules import SubjectName, registry

UNKNOWN_PERSON = _("Unknown person")
NO_LONGER_HELD = _("no longer held")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
LABELS = {
    "area_code": _("Area code"),
    "closed_on": _("Closes on"),
    "ended_early_at": _("Ended early"),
    "founded_on": _("Established on"),
    "slug": _("Web address"),
    "sha256": _("Fingerprint (SHA-256)"),
}
CODES: dict[str, dict[str, str | Promise]] = {
    "role": dict(Role.choices),
    "roles": dict(Role.choices),
    "kind": dict(Kind.choices),
}


@dataclass(frozen=True)
class RecordLine:
    """An entry as a row of a list."""

    entry: Entry
    actor: str | Promise
    description: str | Promise
    subject_kind: str | Promise
    subject: SubjectName
    reason: str
    is_erased: bool


@dataclass(frozen=True)
class ChangedDetail:
    """A detail before and after the change, as text."""

    name: str | Promise
    before: str
    after: str


def describe_action(action: str, subject_kind: str = "") -> str | Promise:
    """What was done, without what it was done to. An action that no module declares any more is called by its name."""
    kind = registry.subject_kinds().get(subject_kind)
    if kind is not None and action in kind.sentences:
        return kind.sentences[action]
    declared = registry.actions().get(action)
    return declared.staff if declared else capfirst(action.replace(".", ": ").replace("_", " "))


def describe_subject_kind(kind: str) -> str | Promise:
    declared = registry.subject_kinds().get(kind)
    return declared.label if declared else kind


def displayed_content(action: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an entry, without those that its module says nobody should read."""
    declared = registry.actions().get(action)
    not_shown = declared.not_shown if declared else frozenset()
    after = {name: value for name, value in (content.get("after") or {}).items() if name not in not_shown}
    return {**content, "after": after}


def actor_names(entries: Iterable[Entry]) -> dict[Any, str]:
    """The names of the people who made the entries, by id. People whose account has been removed are left out."""
    return {person.id: person.name for person in User.objects.in_bulk({entry.actor_id for entry in entries}).values()}


def record_lines(entries: Iterable[Entry], *, person: User, authority: Authority) -> list[RecordLine]:
    """The entries in words, naming only what the person may see."""
    entries = list(entries)
    actors = actor_names(entries)
    names = name_subjects(((entry.subject_kind, entry.subject_id) for entry in entries), person, authority)
    return [
        RecordLine(
            entry=entry,
            actor=actors.get(entry.actor_id, UNKNOWN_PERSON),
            description=describe_action(entry.action, entry.subject_kind),
            subject_kind=describe_subject_kind(entry.subject_kind),
            subject=names.get(entry.subject_id, SubjectName("")),
            reason=entry.payload.content.get("reason", "") if has_details(entry) else "",
            is_erased=not has_details(entry),
        )
        for entry in entries
    ]


def changed_details(entry: Entry, *, person: User, authority: Authority) -> list[ChangedDetail]:
    """What the entry says was changed; nothing if its details were erased."""
    if not has_details(entry):
        return []
    content = displayed_content(entry.action, entry.payload.content)
    before, after = content.get("before") or {}, content.get("after") or {}
    declared = registry.actions().get(entry.action)
    writer = _DetailWriter(_names_in((before, after), person, authority), declared.codes if declared else {})
    return [
        ChangedDetail(
            _label(entry.action, detail),
            writer.text(detail, before[detail]) if detail in before else "",
            writer.text(detail, after[detail]) if detail in after else "",
        )
        for detail in dict.fromkeys((*before, *after))
    ]


def _label(action: str, detail: str) -> str | Promise:
    declared = registry.actions().get(action)
    own = declared.details.get(detail) if declared else None
    return own or LABELS.get(detail) or capfirst(detail.replace("_", " "))


class _DetailWriter:
    """Writes stored values as text: names for ids, labels for codes, British dates, and a line for each of several."""

    def __init__(self, names: Names, codes: Mapping[str, Mapping[str, str | Promise]]) -> None:
        self._names = {str(subject_id): subject.name for subject_id, subject in names.items()}
        self._codes = {**CODES, **codes}

    def text(self, detail: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, list):
            separator = "\n" if any(isinstance(item, (dict, list)) for item in value) else ", "
            return separator.join(self.text(detail, item) for item in value) or "–"
        if isinstance(value, dict):
            return self._subject(value) if {"id", "kind"} <= value.keys() else self._pairs(detail, value)
        return self._single(detail, str(value))

    def _single(self, detail: str, text: str) -> str:
        if TIMESTAMP.fullmatch(text) or DATE.fullmatch(text):
            return _local(text)
        if _is_uuid(text):
            return self._names.get(text) or gettext("no longer held (%(id)s)") % {"id": text}
        return str(self._codes.get(detail, {}).get(text, text))

    def _pairs(self, detail: str, pairs: Mapping[str, Any]) -> str:
        return "\n".join(self._pair(name, self.text(detail, value)) for name, value in pairs.items()) or "–"

    def _pair(self, name: str, text: str) -> str:
        """“Unit: Housing”, or only the text if it contains the name, such as “Figures of 2021” for 2021."""
        return capfirst(text) if name in text.split() else f"{capfirst(name.replace('_', ' '))}: {text}"

    def _subject(self, reference: Mapping[str, Any]) -> str:
        """What was looked at: its name, the part of it, and the times."""
        name = self._names.get(reference["id"]) or str(describe_subject_kind(reference["kind"]))
        title = f"{capfirst(name)}, {reference['part']}" if reference.get("part") else capfirst(name)
        times = reference.get("at") or []
        return f"{title}: {self.text('at', times)}" if times else title


def _names_in(sides: Collection[Mapping[str, Any]], person: User, authority: Authority) -> Names:
    """The names of everything that the details mention by id. Whatever kind it is of is found by asking each."""
    ids = {UUID(text) for side in sides for text in _strings_in(side) if _is_uuid(text)}
    if not ids:
        return {}
    names: dict[UUID, SubjectName] = {}
    for kind in registry.subject_kinds().values():
        names |= kind.find(ids, person, authority)
    return names


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings_in(item)


def _local(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        is_date = bool(DATE.fullmatch(text))
        return date_format(moment, "j F Y") if is_date else date_format(timezone.localtime(moment), "j F Y, H:i:s")
    except (ValueError, OverflowError):
        return text  # it only looks like a date


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
