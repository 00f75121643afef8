"""Permanent slugs: reserved once and never reused, so that an old slug still leads to its owner."""

from uuid import UUID

from evenhand.records.models import TakenSlug


class SlugTaken(ValueError):
    """The slug belongs, or used to belong, to something else."""


def reserve(namespace: str, slug: str, subject_id: UUID) -> None:
    """Give the slug to the subject permanently. Reserving a slug that the subject already has changes nothing."""
    taken, created = TakenSlug.objects.get_or_create(
        namespace=namespace, slug=slug, defaults={"subject_id": subject_id}
    )
    if not created and taken.subject_id != subject_id:
        raise SlugTaken(
            f"The address “{slug}” is, or has been, used for something else, and addresses are permanent. "
            f"Choose another."
        )


def owner_of(namespace: str, slug: str) -> UUID | None:
    """The id of the subject that has, or had, the slug."""
    return TakenSlug.objects.filter(namespace=namespace, slug=slug).values_list("subject_id", flat=True).first()
