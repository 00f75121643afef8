from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.plans.document import FORMAT, Clause, Node, PlanDocument
from evenhand.plans.models import Plan, PlanNode
from evenhand.records import slugs

MOST_KEPT = 64  # documents in each process; the two of the demonstration take half a megabyte together
KIND = "plan"  # by which the record of changes, and whoever has it in hand, know a plan


class UnknownPlan(LookupError):
    """The authority has no plan with this slug."""


def namespace(authority: Authority) -> str:
    return f"plans of {authority.id}"


def plan(authority: Authority, slug: str, *, by: User) -> Plan:
    """A plan, published or not, for those who keep it. For anyone else a draft does not exist."""
    found = slugs.owner_of(namespace(authority), slug)
    held = Plan.objects.filter(id=found).select_related("authority").first() if found else None
    if held is None or (held.published_at is None and not may(by, Permission.SEE_DRAFTS, authority).allowed):
        raise UnknownPlan(f"{authority} has no plan “{slug}”.")
    return held


def visible(authority: Authority, *, by: User) -> QuerySet[Plan]:
    """What a person may see of an authority's plans: all, or those that are published."""
    held = Plan.objects.filter(authority=authority).select_related("authority").order_by("-imported_at")
    return held if may(by, Permission.SEE_DRAFTS, authority).allowed else held.filter(published_at__isnull=False)


def published(authority: Authority) -> QuerySet[Plan]:
    """The plans of an authority that anyone may see, newest first."""
    return (
        Plan.objects.filter(authority=authority, published_at__isnull=False)
        .select_related("authority")
        .order_by("-published_at")
    )


def published_everywhere() -> QuerySet[Plan]:
    """Every plan that anyone may see. Its parts are fetched when they are asked for, once in each process."""
    return (
        Plan.objects.filter(published_at__isnull=False)
        .select_related("authority")
        .order_by("authority__name", "-published_at")
    )


def published_plan(authority: Authority, slug: str) -> Plan | None:
    """A published plan by its slug, now or before; None for a draft, as for one that never was."""
    found = slugs.owner_of(namespace(authority), slug)
    return published(authority).filter(id=found).first() if found else None


def document(found: Plan) -> PlanDocument:
    """The plan as its file said it, put together again from its stored parts.

    A published plan never changes, so it is put together once in each process.
    """
    if found.published_at is None:
        return _document(found)
    return _published(found.id, found.file_sha256, found.authority.slug)


@lru_cache(maxsize=MOST_KEPT)
def _published(plan_id: UUID, _file: str, _authority: str) -> PlanDocument:
    """What it is kept by says which words under whose address: a moved authority has another."""
    return _document(Plan.objects.select_related("authority").get(id=plan_id))


def _document(found: Plan) -> PlanDocument:
    prefetch_related_objects([found], "nodes__clauses")
    nodes = list(found.nodes.all())
    return PlanDocument.model_validate(
        {
            "format": FORMAT,
            "authority": found.authority.slug,
            "slug": found.slug,
            "title": found.title,
            "status": found.status,
            "period": found.period,
            "wording_note": found.wording_note,
            "source": found.source,
            "nodes": _children(nodes, None),
        }
    )


def _children(nodes: list[PlanNode], parent: UUID | None) -> tuple[Node, ...]:
    return tuple(_node(node, _children(nodes, node.id)) for node in nodes if node.parent_id == parent)


def _node(stored: PlanNode, children: tuple[Node, ...]) -> Node:
    clauses = tuple(
        Clause(id=each.clause, quote=each.quote, check=each.check_text, companion=each.companion)
        for each in stored.clauses.all()
    )
    return Node.model_validate({**_read(stored.statement), "clauses": clauses, "children": children})


def _read(statement: dict[str, Any]) -> dict[str, Any]:
    """JSON has no decimals: the two figures of a statement are kept as text and read back as what they were."""
    figures = {
        key: {**part, "value": Decimal(part["value"])}
        for key in ("baseline", "target")
        if (part := statement.get(key)) and part["value"] is not None
    }
    return {**statement, **figures}
