"""Where personal data is stored: models that declare a `data_subject`, and what modules declare beside the tables."""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from evenhand.authorities.models import Authority, User
from evenhand.modules import PersonalDataHolder, registry
from evenhand.privacy.identifiers import Identifiers
from evenhand.records.classification import data_subject_of
from evenhand.records.data_subjects import DataSubject

M = TypeVar("M", bound=Model)


def data_stores() -> tuple[PersonalDataHolder, ...]:
    return tuple(registry.declared("personal_data"))


def models_about_people() -> Iterator[tuple[type[Model], DataSubject]]:
    """Every model whose rows are about a person."""
    for model in apps.get_models(include_auto_created=False):
        data_subject = data_subject_of(model)
        if isinstance(data_subject, DataSubject):
            yield model, data_subject


def rows_about(
    model: type[Model], data_subject: DataSubject, person: User, identifiers: Identifiers
) -> QuerySet[Model]:
    rows = model._default_manager.all()
    if model is Session:
        session_keys = [session.pk for session in Session.objects.all() if is_about(session, person, identifiers)]
        return rows.filter(pk__in=session_keys)
    matches = Q(pk__in=[])
    for index, path in enumerate(data_subject.paths):
        field = field_at(model, path)
        if isinstance(field, ForeignKey) or field.get_internal_type() == "UUIDField":
            matches |= Q(**{path: person.id})
        elif isinstance(field, JSONField):
            rows = rows.alias(**{f"text{index}": Cast(path, TextField())})
            for identifier in (str(person.id), *identifiers.emails):
                matches |= Q(**{f"text{index}__icontains": identifier})
        else:
            assert isinstance(field, CharField | TextField), f"{model._meta.label}: {path} does not lead to a person"
            for email in identifiers.emails:
                matches |= Q(**{f"{path}__iexact": email})
    return rows.filter(matches)


def rows_mentioning(model: type[Model], words: Iterable[str], identifiers: Identifiers) -> list[Model]:
    """Rows with one of the words in any text field, regardless of whom the row is about."""
    texts = [field.name for field in model._meta.local_fields if isinstance(field, (CharField, TextField, JSONField))]
    rows = model._default_manager.alias(**{f"text_{name}": Cast(name, TextField()) for name in texts})
    mentioning = Q(pk__in=[])
    for name in texts:
        for word in words:
            mentioning |= Q(**{f"text_{name}__icontains": word})
    return [
        row for row in rows.filter(mentioning) if any(identifiers.appear_in(str(getattr(row, name))) for name in texts)
    ]


def field_at(model: type[Model], path: str) -> "Field[object, object]":
    """The field at the end of the path."""
    current: type[Model] = model
    *relations, last = path.split("__")
    for name in relations:
        current = current._meta.get_field(name).related_model  # type: ignore[assignment]
    field = current._meta.get_field(last)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.label}: {path} does not end at a field of its own")
    return field


def is_about(session: Session, person: User, identifiers: Identifiers) -> bool:
    """Whether this is the person's own session, or holds a message naming them that has not been shown yet."""
    data = session.get_decoded()
    return data.get("_auth_user_id") == str(person.id) or identifiers.appear_in(str(data.get("_messages", "")))


def for_authority(rows: QuerySet[M], authority: Authority | None) -> QuerySet[M]:
    """The rows for which the authority is the controller. Rows of no authority belong to the person's account."""
    path = _path_to_authority(rows.model, frozenset())
    if authority is None or path is None:
        return rows
    return rows.filter(Q(**{path: authority.id}) | Q(**{path: None}))


def _path_to_authority(model: type[Model], visited: frozenset[type[Model]]) -> str | None:
    fields = {field.name: field for field in model._meta.local_fields}
    if "authority_id" in fields:
        return "authority_id"
    for name, field in fields.items():
        if field.related_model is Authority:
            return name
    for name, field in fields.items():
        target = field.related_model
        if isinstance(field, ForeignKey) and isinstance(target, type) and target not in {User, model, *visited}:
            path = _path_to_authority(target, visited | {model})
            if path:
                return f"{name}__{path}"
    return None


def ids(rows: Iterable[Model]) -> list[str]:
    return [str(row.pk) for row in rows if isinstance(row.pk, UUID)]
