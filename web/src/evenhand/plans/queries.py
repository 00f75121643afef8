from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.plans.document import FORMAT, Clause, Node, PlanDocument
from evenhand.plans.models import Plan, PlanNode
from evenhand.records import slugs


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


def published(authority: Authority) -> QuerySet[Plan]:
    """The plans of an authority that anyone may see, newest first."""
    return (
        Plan.objects.filter(authority=authority, published_at__isnull=False)
        .select_related("authority")
        .order_by("-published_at")
    )


def published_everywhere() -> QuerySet[Plan]:
    """Every plan that anyone may see, with its parts, whatever their number, in four queries."""
    return (
        Plan.objects.filter(published_at__isnull=False)
        .select_related("authority")
        .prefetch_related("nodes__clauses")
        .order_by("authority__name", "-published_at")
    )


def published_plan(authority: Authority, slug: str) -> Plan | None:
    """A published plan by its slug, now or before; None for a draft, as for one that never was."""
    found = slugs.owner_of(namespace(authority), slug)
    return published(authority).filter(id=found).first() if found else None


def document(found: Plan) -> PlanDocument:
    """The plan as its file said it, put together again from its stored parts, prefetched or not."""
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
