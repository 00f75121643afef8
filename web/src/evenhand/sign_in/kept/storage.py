"""Storing, reading and deleting kept content. Every function is limited to the rows of one person."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept.encryption import decrypt, encrypt
from evenhand.sign_in.models import KeptContent

KEPT_FOR = timedelta(minutes=30)
MAX_BYTES = 3_000_000  # before compression: the largest form (DATA_UPLOAD_MAX_MEMORY_SIZE) as a page, with escapes
MAX_ROWS = {KeptKind.FORM: 5, KeptKind.PAGE: 10, KeptKind.OUTCOME: 50}  # of one person; the oldest are replaced


def keep(person: User, kind: KeptKind, content: dict[str, Any]) -> UUID | None:
    """Keep the content for 30 minutes. Returns its id, or None if it is too large."""
    if len(json.dumps(content, ensure_ascii=False).encode()) > MAX_BYTES:
        return None
    row = KeptContent(person=person, kind=kind, kept_until=timezone.now() + KEPT_FOR)
    row.content = encrypt(content, bound_to=bound_to(row))
    with transaction.atomic():
        delete_expired()
        row.save(force_insert=True)
        delete_oldest(person, kind)
    return row.id


def load(person: User, kind: KeptKind, row_id: str) -> dict[str, Any] | None:
    """The content; None if it is not this person's, has been used or is more than 30 minutes old."""
    row = _rows(person, kind, row_id).first()
    return decrypt(bytes(row.content), bound_to=bound_to(row)) if row and row.content else None


def kept_forms(person: User) -> list[tuple[UUID, dict[str, Any]]]:
    """The forms that the person has not sent again yet, the latest first."""
    rows = KeptContent.objects.filter(person=person, kind=KeptKind.FORM, kept_until__gt=timezone.now())
    contents = [(row.id, decrypt(bytes(row.content), bound_to=bound_to(row))) for row in rows.order_by("-kept_until")]
    return [(row_id, content) for row_id, content in contents if content is not None]


def delete(person: User, kind: KeptKind, row_id: str) -> None:
    _rows(person, kind, row_id).delete()


def delete_expired() -> None:
    KeptContent.objects.filter(kept_until__lte=timezone.now()).delete()


def delete_oldest(person: User, kind: KeptKind) -> None:
    newest_first = KeptContent.objects.filter(person=person, kind=kind).order_by("-kept_until", "-id")
    surplus = list(newest_first.values_list("id", flat=True)[MAX_ROWS[kind] :])
    KeptContent.objects.filter(id__in=surplus).delete()


def bound_to(row: KeptContent) -> str:
    return f"{row.id} {row.person_id} {row.kind}"


def _rows(person: User, kind: KeptKind, row_id: str) -> Any:
    try:
        key = UUID(row_id)
    except ValueError:
        return KeptContent.objects.none()
    return KeptContent.objects.filter(id=key, person=person, kind=kind, kept_until__gt=timezone.now())
