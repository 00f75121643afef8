from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority, User
from evenhand.evidence.enums import Origin
from evenhand.records.classification import AGGREGATE_ONLY, PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention

WORKFORCE = "workforce"  # the slug of the data set of workforce counts
REQUIRED_FACTS = ("publisher", "licence")


class Dataset(models.Model):
    """A series of counts of one population, and its source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="datasets")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    address = models.URLField(blank=True)
    retrieved_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    invented = models.BooleanField(
        default=False, help_text="Of an invented authority. Fixed when the data set is added."
    )

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "slug": PUBLIC,
        "title": PUBLIC,
        "publisher": PUBLIC,
        "licence": PUBLIC,
        "address": PUBLIC,
        "retrieved_on": PUBLIC,
        "note": PUBLIC,
        "invented": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as anything published is based on it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="dataset_slug_once")]

    def __str__(self) -> str:
        return f"{self.authority}: {self.title}"

    @property
    def facts_not_stated(self) -> tuple[str, ...]:
        """The facts that a publication of these figures must give and that nobody has stated yet."""
        return tuple(name for name in REQUIRED_FACTS if not getattr(self, name))


class ComparabilityNote(models.Model):
    """Why a group in this data set can't be compared with a benchmark, as declared by its publisher."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="comparability_notes")
    characteristic = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    reason = models.TextField()

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "dataset": PUBLIC,
        "characteristic": PUBLIC,
        "category": PUBLIC,
        "reason": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as the data set that it describes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "characteristic", "category"], name="one_note_each")]

    def __str__(self) -> str:
        return f"{self.characteristic}/{self.category}: {self.reason}"


class Snapshot(models.Model):
    """The counts of a data set at one point in time, from one row of one stored file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="snapshots")
    period = models.CharField(max_length=7, help_text="2026, or 2021-10 if the source gives the month.")
    year = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(
        max_length=64,
        help_text="Must not be shown: someone who knows all other counts could confirm a guess with it.",
    )
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "dataset": PUBLIC,
        "period": PUBLIC,
        "year": PUBLIC,
        "total": AGGREGATE_ONLY,
        "file_name": PUBLIC,
        "file_sha256": AGGREGATE_ONLY,
        "imported_at": PUBLIC,
        "imported_by": PERSONAL,
    }
    data_subject: ClassVar[str] = "imported_by"
    retention: ClassVar[Retention] = Retention(reason="as long as anything published is based on it")

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["dataset", "year"], name="one_snapshot_a_year")]

    def __str__(self) -> str:
        return f"{self.dataset}, {self.period}"


class Count(models.Model):
    """The number of people in one category of a snapshot. It is unprotected, and is never shown outside a release."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="counts")
    characteristic = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    count = models.PositiveIntegerField(null=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "snapshot": PUBLIC,
        "characteristic": PUBLIC,
        "category": PUBLIC,
        "count": AGGREGATE_ONLY,
        "origin": AGGREGATE_ONLY,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as the snapshot that it belongs to")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "characteristic", "category"], name="one_count_each"),
            models.CheckConstraint(
                condition=models.Q(origin=Origin.NOT_GIVEN, count__isnull=True)
                | (~models.Q(origin=Origin.NOT_GIVEN) & models.Q(count__isnull=False)),
                name="a_count_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.characteristic}/{self.category} of {self.snapshot_id}"
