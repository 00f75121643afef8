from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority
from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Plan(models.Model):
    """A document of objectives, as in its plan file. The database refuses changes once it is published."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="plans")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=40)
    period = models.CharField(max_length=300, blank=True)
    wording_note = models.TextField(blank=True)
    source = models.JSONField(help_text="Title, publisher, dates, rights and note, as in the plan file.")
    file_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    invented = models.BooleanField(
        default=False, help_text="Of an invented authority. Fixed when the plan is imported."
    )

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "slug": PUBLIC,
        "title": PUBLIC,
        "status": PUBLIC,
        "period": PUBLIC,
        "wording_note": PUBLIC,
        "source": PUBLIC,
        "file_sha256": PUBLIC,
        "imported_at": PUBLIC,
        "published_at": PUBLIC,
        "invented": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because what was promised stays on record")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="plan_slug_once")]

    def __str__(self) -> str:
        return f"{self.authority}: {self.title}"


class PlanNode(models.Model):
    """A vision, process, objective or priority: its wording and coding."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField(help_text="The position in the document, counted from 1.")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=20)
    statement = models.JSONField(help_text="The node as in the plan file, without its children and clauses.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "plan": PUBLIC,
        "parent": PUBLIC,
        "position": PUBLIC,
        "kind": PUBLIC,
        "ref": PUBLIC,
        "statement": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as the plan that it belongs to")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "ref"], name="one_node_each_ref")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} of {self.plan_id}"


class NodeClause(models.Model):
    """A promise quoted from a node, and how to check it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=30)
    quote = models.TextField()
    check_text = models.TextField()
    companion = models.BooleanField(default=False)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "node": PUBLIC,
        "position": PUBLIC,
        "clause": PUBLIC,
        "quote": PUBLIC,
        "check_text": PUBLIC,
        "companion": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="as long as the plan that it belongs to")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["node", "clause"], name="a_clause_once_a_node")]

    def __str__(self) -> str:
        return self.clause
