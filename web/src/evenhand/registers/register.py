"""What a register declares: its model, its words, who may see and change it, its fields, its list and its states."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import django_filters
from django.core.validators import MaxLengthValidator
from django.db.models import ForeignKey, Model, QuerySet, TextField
from django.urls import reverse

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.modules import Permission, SubjectKind, SubjectName
from evenhand.modules.declarations import Text
from evenhand.records.classification import PUBLIC, classification_of
from evenhand.registers.models import Numbered, Record, Stateful
from evenhand.registers.sheets.columns import SheetColumn
from evenhand.registers.states import States


class RegisterFault(ValueError):
    """A register cannot be right as it is declared: the message says why."""


@dataclass(frozen=True)
class RegisterWords:
    """The words of the screens. `item` is one record, as in “Add an action”; `items` heads the list."""

    item: Text
    items: Text
    introduction: Text
    add: Text
    added: Text
    changed: Text
    moved: Text  # to another state
    empty: Text  # what an empty list says; it says what to do next


@dataclass(frozen=True)
class Column:
    """A column of the list and of the file. `value` gives what it shows; `sort` is the field to order by."""

    name: str
    label: Text
    value: Callable[[Any], object]
    sort: str = ""
    figure: bool = False
    only_in_file: bool = False  # what would make the list too wide


@dataclass(frozen=True)
class Register:
    """One register. Its records are kept apart by authority, and nothing of it is public unless it says so."""

    key: str  # the kind of subject in the record of changes, and the prefix of its URL names
    namespace: str  # of its URLs
    model: type[Record]
    words: RegisterWords
    see: Permission | None  # None: all staff of the authority
    edit: Permission
    fields: tuple[str, ...]  # of the form, in order
    columns: tuple[Column, ...]  # the first names the record and leads to it
    filters: type[django_filters.FilterSet]
    states: States | None = None
    search: tuple[str, ...] = ()  # the fields in which the list looks for words
    related: tuple[str, ...] = ()  # what the list fetches with each record, so that it needs no query for each
    sheet_columns: tuple[SheetColumn, ...] = ()  # what an uploaded sheet can give; none: the register takes no sheets
    sheet_key: str = ""  # the field by which a row without a reference finds its record
    sheet_name_field: str = ""  # the field that names a row of a sheet before it is a record
    state_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # state -> other words for it in sheets
    labels: Mapping[str, Text] = field(default_factory=dict)  # of fields whose name does not explain them
    choices: Mapping[str, Callable[[Authority], QuerySet[Any]]] = field(default_factory=dict)  # of fields that refer

    def __post_init__(self) -> None:
        names = {model_field.name for model_field in self.model._meta.get_fields()}
        if unknown := {*self.fields, *self.search} - names:
            raise RegisterFault(f"{self.key}: the model has no field called {sorted(unknown)}.")
        if issubclass(self.model, Stateful) != (self.states is not None):
            raise RegisterFault(f"{self.key}: a model with a state needs `states`, and the reverse.")
        if endless := [name for name in self.fields if _has_no_limit(self.model, name)]:
            raise RegisterFault(f"{self.key}: {endless} need a MaxLengthValidator, which files and commands obey too.")
        if open_to_all := [name for name in self.references if not self._is_limited(name)]:
            raise RegisterFault(f"{self.key}: say in `choices` what an authority may choose for {open_to_all}.")
        if not self.columns:
            raise RegisterFault(f"{self.key}: the list needs a column that names the record.")

    def as_subject_kind(self) -> SubjectKind:
        """How the record of changes names the records, and what was done to them."""
        return SubjectKind(
            self.key,
            self.words.item,
            self._names,
            {
                "registers.add": self.words.added,
                "registers.change": self.words.changed,
                "registers.move": self.words.moved,
            },
        )

    def _names(self, ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
        if self.see is not None and not may(person, self.see, authority).allowed:
            return {}
        return {
            record.id: SubjectName(str(record), self.url("detail", authority, record.id))
            for record in self.records_of(authority).filter(id__in=ids)
        }

    @property
    def has_numbers(self) -> bool:
        return issubclass(self.model, Numbered)

    @property
    def public_fields(self) -> tuple[str, ...]:
        """The fields that the history keeps. Personal ones stay in the details of the entry, which can be erased."""
        classes = classification_of(self.model)
        kept = [*self.fields, *(["state"] if self.states else [])]
        return tuple(name for name in kept if classes[name] == PUBLIC)

    @property
    def personal_fields(self) -> tuple[str, ...]:
        classes = classification_of(self.model)
        return tuple(name for name in self.fields if classes[name] != PUBLIC)

    def choices_of(self, name: str, authority: Authority) -> QuerySet[Any]:
        """What a field that refers to another record may be: never a record of another authority."""
        if name in self.choices:
            return self.choices[name](authority)
        return self.references[name]._default_manager.filter(authority=authority)

    @property
    def references(self) -> dict[str, type[Model]]:
        fields = (self.model._meta.get_field(name) for name in self.fields)
        return {own.name: own.related_model for own in fields if isinstance(own, ForeignKey)}

    def _is_limited(self, name: str) -> bool:
        return name in self.choices or belongs_to_authorities(self.references[name])

    def records_of(self, authority: Authority) -> QuerySet[Any]:
        records = self.model._default_manager.filter(authority=authority)
        return records.select_related("authority", *self.related)

    def url(self, page: str, authority: Authority, *arguments: object) -> str:
        """The address of a page of the register: list, add, detail, edit, step, file, sheet or preview."""
        return reverse(f"{self.namespace}:{self.key}_{page}", args=[authority.slug, *arguments])

    def label(self, name: str) -> Text:
        if name in self.labels:
            return self.labels[name]
        label: Text = self.model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        return label


def belongs_to_authorities(model: type[Model]) -> bool:
    return any(model_field.name == "authority" for model_field in model._meta.get_fields())


def _has_no_limit(model: type[Record], name: str) -> bool:
    """A text without a limit that holds outside forms too: Django checks the `max_length` of a TextField only there."""
    model_field = model._meta.get_field(name)
    if not isinstance(model_field, TextField):
        return False
    return not any(isinstance(validator, MaxLengthValidator) for validator in model_field.validators)


_registers: dict[str, Register] = {}


def register(declared: Register) -> Register:
    """Make a register known to the contract tests, the search and the documents."""
    if declared.key in _registers and _registers[declared.key].model is not declared.model:
        raise RegisterFault(f"There are two registers called {declared.key}.")
    _registers[declared.key] = declared
    return declared


def registers() -> dict[str, Register]:
    return dict(_registers)
