"""Permanent slugs: taken once, never reused, and an old one still finds its owner."""

from uuid import UUID

from evenhand.records.models import TakenSlug


class SlugTaken(ValueError):
    """The slug belongs, or once belonged, to something else."""


def take(namespace: str, slug: str, subject_id: UUID) -> None:
    """Give the slug to the subject, for good. Taking one's own slug again changes nothing."""
    taken, created = TakenSlug.objects.get_or_create(
        namespace=namespace, slug=slug, defaults={"subject_id": subject_id}
    )
    if not created and taken.subject_id != subject_id:
        raise SlugTaken(
            f"The address “{slug}” is or was in use here for something else, and addresses are permanent. "
            f"Choose another."
        )


def owner_of(namespace: str, slug: str) -> UUID | None:
    """Whose slug it is or was."""
    return TakenSlug.objects.filter(namespace=namespace, slug=slug).values_list("subject_id", flat=True).first()
