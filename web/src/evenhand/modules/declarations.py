"""The things that a module can declare. Their functions take people, authorities and records of the modules above."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Permission:
    """One thing that a role lets a person do: `label` completes the sentence "may …"."""

    code: str
    label: Text
    roles: frozenset[str]
    ends_with_authority: bool = False  # nobody may do it at an authority that has closed

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class SubjectName:
    """What one record is called, and its page for staff where it has one."""

    name: str
    link: str = ""


@dataclass(frozen=True)
class SubjectKind:
    """A kind of thing that the record of changes has entries about, by the name that entries store.

    `find(ids, person, authority)` names those of the ids that still exist and that the person may see on the
    authority's staff pages: the record of changes is read by people who may not see drafts.
    """

    kind: str
    label: Text
    find: Callable[[Collection[UUID], Any, Any], Mapping[UUID, SubjectName]] = lambda _ids, _person, _authority: {}
    sentences: Mapping[str, Text] = field(default_factory=dict)  # for staff, of actions that many kinds share


@dataclass(frozen=True)
class RecordedAction:
    """An action of the record of changes, by the name that entries store.

    `staff` says what was done, as in “Published a plan”; the name of the plan follows it where it is shown.
    `public` is what everyone may read; None keeps the entry off the public record but for its fingerprint.
    """

    name: str
    staff: Text
    public: Text | None = None
    not_shown: frozenset[str] = frozenset()  # details that earlier versions stored and that nobody should read
    details: Mapping[str, Text] = field(default_factory=dict)  # labels of details that their key does not explain
    codes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)  # labels of codes, by the key of the detail


class ChangedPages(Enum):
    OF_THE_AUTHORITY = auto()  # its own public pages, and the pages about several authorities
    OF_EVERYONE = auto()  # every public page, for example because other authorities' pages give this one's name


@dataclass(frozen=True)
class PageChange:
    """A recorded action, perhaps of a lower module, that changes public pages of the module that declares this.

    `applies_to` takes the id of the action's subject. An action changes no public page unless a module says so.
    """

    action: str
    pages: ChangedPages
    applies_to: Callable[[UUID], bool] = lambda _subject_id: True


@dataclass(frozen=True)
class StaffSection:
    """A part of an authority's staff pages. The view of `url_name` takes the authority's slug."""

    title: Text
    description: Text
    url_name: str
    permission: Permission | None = None  # somebody without it does not see the section
    position: int = 50  # sections are listed by this number, then by title


@dataclass(frozen=True)
class StaffTask:
    title: str
    link: str
    reason: str
    due: date | None = None


@dataclass(frozen=True)
class PublishedItem:
    title: str
    link: str
    at: datetime


@dataclass(frozen=True)
class ScheduledTask:
    """Something that the worker does every so many seconds, and may do twice if a worker is killed."""

    name: str
    seconds: int
    function: Callable[[], object]


@dataclass(frozen=True)
class PersonalDataHolder:
    """Personal data held outside the tables. `find` gives lines to read; `erase` removes what it found."""

    name: str
    find: Callable[[Any, Any], Iterable[str]]
    erase: Callable[[Any, Any], object]


@dataclass(frozen=True)
class Module:
    """Everything that the rest of the site needs to know of a module. What is left out, the module does not have."""

    purpose: Text = ""  # why the module holds personal data, for the record of processing
    permissions: tuple[Permission, ...] = ()
    actions: tuple[RecordedAction, ...] = ()
    access_action: str = ""  # the action under which the reading of unprotected figures is recorded
    subjects: tuple[SubjectKind, ...] = ()
    sections: tuple[StaffSection, ...] = ()
    staff_tasks: tuple[Callable[[Any], Iterable[StaffTask]], ...] = ()  # a person's tasks, and nobody else's
    urls: tuple[tuple[str, str], ...] = ()  # prefix of the address, module with its urlpatterns
    page_changes: tuple[PageChange, ...] = ()  # what makes cached pages of this module out of date
    published: tuple[Callable[[Any], Iterable[PublishedItem]], ...] = ()  # an authority's; never a draft
    gates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # transition -> what it requires
    requirements: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)  # requirement -> what is missing
    scheduled: tuple[ScheduledTask, ...] = ()
    on_leaving: tuple[Callable[..., object], ...] = ()  # called when a person's access to an authority ends
    data_labels: Mapping[str, Text] = field(default_factory=dict)  # model -> what people are told that it is
    personal_data: tuple[PersonalDataHolder, ...] = ()
