"""What is held about a person: found from `about` of the models, and from what higher rooms hold beside them.

registry.hold("mail files", find=files_to, erase=remove_files_to)      # in AppConfig.ready of the room that knows
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from evenhand.authorities.models import Authority, User
from evenhand.privacy.traces import Traces
from evenhand.records.about import About
from evenhand.records.classification import about_of

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Holder:
    """Something held outside the tables. `find` gives lines to read; `erase` removes what it found."""

    name: str
    find: Callable[[User, Traces], Iterable[str]]
    erase: Callable[[User, Traces], object]


_holders: dict[str, Holder] = {}


def hold(name: str, *, find: Callable[[User, Traces], Iterable[str]], erase: Callable[[User, Traces], object]) -> None:
    _holders[name] = Holder(name, find, erase)


def holders() -> tuple[Holder, ...]:
    return tuple(_holders.values())


def about_people() -> Iterator[tuple[type[Model], About]]:
    """Every model whose rows are about somebody."""
    for model in apps.get_models(include_auto_created=False):
        about = about_of(model)
        if isinstance(about, About):
            yield model, about


def rows_about(model: type[Model], about: About, person: User, traces: Traces) -> QuerySet[Model]:
    rows = model._default_manager.all()
    if model is Session:
        return rows.filter(pk__in=[each.pk for each in Session.objects.all() if is_of(each, person, traces)])
    matches, found = Q(pk__in=[]), rows
    for place, path in enumerate(about.paths):
        end = end_of(model, path)
        if isinstance(end, ForeignKey) or end.get_internal_type() == "UUIDField":
            matches |= Q(**{path: person.id})
        elif isinstance(end, JSONField):
            found = found.alias(**{f"text{place}": Cast(path, TextField())})
            for each in (str(person.id), *traces.emails):
                matches |= Q(**{f"text{place}__icontains": each})
        else:
            assert isinstance(end, CharField | TextField), f"{model._meta.label}: {path} leads to no person"
            for each in traces.emails:
                matches |= Q(**{f"{path}__iexact": each})
    return found.filter(matches)


def rows_naming(model: type[Model], words: Iterable[str], traces: Traces) -> list[Model]:
    """Rows in any text of which one of the words stands, whatever the row is about."""
    texts = [field.name for field in model._meta.local_fields if isinstance(field, (CharField, TextField, JSONField))]
    rows = model._default_manager.alias(**{f"text_{name}": Cast(name, TextField()) for name in texts})
    named = Q(pk__in=[])
    for name in texts:
        for word in words:
            named |= Q(**{f"text_{name}__icontains": word})
    return [row for row in rows.filter(named) if any(traces.are_in(str(getattr(row, name))) for name in texts)]


def end_of(model: type[Model], path: str) -> "Field[object, object]":
    """The field that the path ends at."""
    here: type[Model] = model
    *over, last = path.split("__")
    for name in over:
        here = here._meta.get_field(name).related_model  # type: ignore[assignment]
    field = here._meta.get_field(last)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.label}: {path} ends at no field of its own")
    return field


def is_of(session: Session, person: User, traces: Traces) -> bool:
    """The person's own session, or one in which a message that names them still waits to be shown."""
    held = session.get_decoded()
    return held.get("_auth_user_id") == str(person.id) or traces.are_in(str(held.get("_messages", "")))


def of_authority(rows: QuerySet[M], authority: Authority | None) -> QuerySet[M]:
    """What of it one authority answers for. What belongs to no authority is the person's account."""
    path = _way_to_authority(rows.model, frozenset())
    if authority is None or path is None:
        return rows
    return rows.filter(Q(**{path: authority.id}) | Q(**{path: None}))


def _way_to_authority(model: type[Model], seen: frozenset[type[Model]]) -> str | None:
    fields = {field.name: field for field in model._meta.local_fields}
    if "authority_id" in fields:
        return "authority_id"
    for name, field in fields.items():
        if field.related_model is Authority:
            return name
    for name, field in fields.items():
        target = field.related_model
        if isinstance(field, ForeignKey) and isinstance(target, type) and target not in {User, model, *seen}:
            further = _way_to_authority(target, seen | {model})
            if further:
                return f"{name}__{further}"
    return None


def ids(rows: Iterable[Model]) -> list[str]:
    return [str(row.pk) for row in rows if isinstance(row.pk, UUID)]
