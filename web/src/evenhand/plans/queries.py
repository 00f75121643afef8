from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.plans.document import FORMAT, Clause, Node, PlanDocument, PlanSource
from evenhand.plans.models import Plan, PlanNode
from evenhand.records import slugs

CACHE_SIZE = 64  # documents in each process; the two of the demonstration use half a megabyte together
KIND = "plan"  # the kind of subject in the record of changes and in assignments


class PlanConflict(ValueError):
    """The plan contradicts what is stored, or what is known of its authority. Nothing was changed."""


class UnknownPlan(LookupError):
    """The authority has no plan with this slug."""


def namespace(authority: Authority) -> str:
    return f"plans of {authority.id}"


def plan(authority: Authority, slug: str, *, by: User) -> Plan:
    """Return a plan by its current or an earlier slug. A draft is found only by people who may see drafts."""
    plan_id = slugs.owner_of(namespace(authority), slug)
    plan = Plan.objects.filter(id=plan_id).select_related("authority").first() if plan_id else None
    if plan is None or (plan.published_at is None and not may(by, SEE_DRAFTS, authority).allowed):
        raise UnknownPlan(f"{authority} has no plan “{slug}”.")
    return plan


def visible(authority: Authority, *, by: User) -> QuerySet[Plan]:
    """Return the plans of the authority that the person may see: all of them, or the published ones."""
    plans = Plan.objects.filter(authority=authority).select_related("authority").order_by("-imported_at")
    return plans if may(by, SEE_DRAFTS, authority).allowed else plans.filter(published_at__isnull=False)


def published(authority: Authority) -> QuerySet[Plan]:
    """Return the published plans of an authority, newest first."""
    return (
        Plan.objects.filter(authority=authority, published_at__isnull=False)
        .select_related("authority")
        .order_by("-published_at")
    )


def published_everywhere() -> QuerySet[Plan]:
    """Return the published plans of all real authorities. `document` loads their nodes, once in each process."""
    return (
        Plan.objects.filter(published_at__isnull=False, invented=False)
        .select_related("authority")
        .order_by("authority__name", "-published_at")
    )


def published_plan(authority: Authority, slug: str) -> Plan | None:
    """Return a published plan by its current or an earlier slug, or None if it is a draft or does not exist."""
    plan_id = slugs.owner_of(namespace(authority), slug)
    return published(authority).filter(id=plan_id).first() if plan_id else None


def document(plan: Plan) -> PlanDocument:
    """Return the plan as in its file, rebuilt from the database.

    A published plan never changes, so its document is cached in each process.
    """
    if plan.published_at is None:
        return _document(plan)
    return _cached_document(plan.id, plan.file_sha256, plan.authority.slug)


@lru_cache(maxsize=CACHE_SIZE)
def _cached_document(plan_id: UUID, _file_sha256: str, _authority_slug: str) -> PlanDocument:
    """The cache key includes the slug of the authority, because the document contains it and it can change."""
    return _document(Plan.objects.select_related("authority").get(id=plan_id))


def _document(plan: Plan) -> PlanDocument:
    prefetch_related_objects([plan], "nodes__clauses")
    nodes = list(plan.nodes.all())
    return PlanDocument.model_validate(
        {
            "format": FORMAT,
            "authority": plan.authority.slug,
            "slug": plan.slug,
            "title": plan.title,
            "status": plan.status,
            "period": plan.period,
            "wording_note": plan.wording_note,
            "source": plan.source,
            "invented": plan.invented,
            "nodes": _children(nodes, None),
        }
    )


def _children(nodes: list[PlanNode], parent: UUID | None) -> tuple[Node, ...]:
    return tuple(_node(node, _children(nodes, node.id)) for node in nodes if node.parent_id == parent)


def _node(node: PlanNode, children: tuple[Node, ...]) -> Node:
    clauses = tuple(
        Clause(id=clause.clause, quote=clause.quote, check=clause.check_text, companion=clause.companion)
        for clause in node.clauses.all()
    )
    return Node.model_validate({**_statement_with_decimals(node.statement), "clauses": clauses, "children": children})


def _statement_with_decimals(statement: dict[str, Any]) -> dict[str, Any]:
    """Convert the values of baseline and target back to Decimal. They are stored as text, as JSON has no decimals."""
    decimals = {
        key: {**part, "value": Decimal(part["value"])}
        for key in ("baseline", "target")
        if (part := statement.get(key)) and part["value"] is not None
    }
    return {**statement, **decimals}


def stored_plan(new: PlanDocument, authority: Authority) -> Plan | None:
    """The plan that an import of this document would find stored already; None if it would store a new one.

    Raises PlanConflict and SlugTaken as the import would, so that a check finds what the import would refuse.
    """
    _check_kind(new, authority)
    check_source(authority, new.source)
    existing = Plan.objects.filter(authority=authority, slug=new.slug).select_related("authority").first()
    if existing is None:
        if slugs.owner_of(namespace(authority), new.slug) is not None:
            raise slugs.SlugTaken(
                f"The slug “{new.slug}” is, or has been, the address of another plan of {authority}, "
                f"and addresses are permanent. Choose another slug."
            )
    elif document(existing) != of_kind(new, authority):
        raise PlanConflict(
            f"{authority} already has a plan with the slug “{new.slug}” and a different text. "
            f"Nothing was changed. To import the new text as a separate plan, give it a different slug."
        )
    return existing


def of_kind(new: PlanDocument, authority: Authority) -> PlanDocument:
    """The document as it is stored: invented or real like its authority, although a file need not say so."""
    return new.model_copy(update={"invented": authority.invented})


def _check_kind(document: PlanDocument, authority: Authority) -> None:
    if "invented" in document.model_fields_set and document.invented != authority.invented:
        this, other = ("invented", "real") if document.invented else ("real", "invented")
        raise PlanConflict(
            f"The file says that the plan is {this}, but {authority} is {other}. Nothing was changed. "
            "Check “authority” and “invented” in the file."
        )


def check_source(authority: Authority, source: PlanSource) -> None:
    """The publisher and the date are always required."""
    if authority.is_shown_from_sources and not source.address:
        raise PlanConflict(
            f"{authority} is shown here from what it has published, so the plan needs the address of the document. "
            "Nothing was changed. Add “address: https://…” under “source” in the file."
        )
