from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority, User
from evenhand.evidence.models import Snapshot
from evenhand.records.classification import AGGREGATE_ONLY, PERSONAL, PUBLIC, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention
from evenhand.releases.enums import ReleaseState
from evenhand.releases.tables import PublishedTable


class Release(models.Model):
    """A publication. Once it is published, the database does not allow it to be changed or deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="releases")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    policy = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    drafted_at = models.DateTimeField()
    protected_by = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The person who protected it, who may not approve it.",
    )
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    csv_sha256 = models.CharField(max_length=64, blank=True)
    certificate = models.JSONField(
        null=True, help_text="What the check tested, and the result; empty until it is checked."
    )
    comparison = models.JSONField(
        null=True, help_text="What other policies and groupings would show and hide. Must not be published."
    )
    invented = models.BooleanField(
        default=False, help_text="Of an invented authority. Fixed when the draft is created."
    )

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "slug": PUBLIC,
        "title": PUBLIC,
        "policy": PUBLIC,
        "state": PUBLIC,
        "version": PUBLIC,
        "drafted_at": PUBLIC,
        "protected_by": PERSONAL,
        "approved_at": PUBLIC,
        "approved_by": PERSONAL,
        "published_at": PUBLIC,
        "csv_sha256": PUBLIC,
        "certificate": PUBLIC,
        "comparison": AGGREGATE_ONLY,
        "invented": PUBLIC,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("protected_by", "approved_by")
    retention: ClassVar[Retention] = Retention(reason="permanently, because a publication is never withdrawn")

    class Meta:
        ordering = ["-published_at", "slug"]
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="release_slug_once")]

    def __str__(self) -> str:
        return f"{self.authority}: {self.title}"


class ReleaseTable(models.Model):
    """One table of a publication: the protected figures for one characteristic in one snapshot."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="tables")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    characteristic = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    content = models.JSONField(null=True, help_text="The published table; empty until it is protected.")
    audit = models.JSONField(null=True, help_text="The result of the check of `content`; empty until it is checked.")
    reasons = models.JSONField(null=True, help_text="Why each hidden figure is hidden. Must not be published.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "release": PUBLIC,
        "snapshot": PUBLIC,
        "characteristic": PUBLIC,
        "position": PUBLIC,
        "content": PUBLIC,
        "audit": AGGREGATE_ONLY,
        "reasons": AGGREGATE_ONLY,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as the publication that it belongs to")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["release", "snapshot", "characteristic"], name="one_table_each")]

    def __str__(self) -> str:
        return f"{self.release}, table {self.position}"

    @property
    def published(self) -> PublishedTable:
        """The table as published. The table must have been protected."""
        assert self.content is not None, f"{self} has not been protected"
        return PublishedTable.from_json(self.content)
