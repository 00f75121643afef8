from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import authority as authority_called
from evenhand.ledger.actions import Subject, recording
from evenhand.plans.document import PlanDocument
from evenhand.plans.models import NodeClause, Plan, PlanNode
from evenhand.plans.queries import KIND, namespace
from evenhand.plans.queries import document as stored_document
from evenhand.plans.reading import read_plan
from evenhand.records import slugs
from evenhand.records.files import Root, fingerprint, keep


class PlanDiffers(ValueError):
    """The plan is held already, with other words: nothing was changed."""


@dataclass(frozen=True)
class Imported:
    plan: Plan
    already_held: bool


def import_plan(data: bytes, *, by: User, name: str) -> Imported:
    """Take in a plan file, whole or not at all. It is a draft until it is published.

    Importing the same words twice changes nothing. Raises PlanFileError, UnknownAuthority, PlanDiffers.
    """
    document = read_plan(data, name)
    authority = authority_called(document.authority)
    may(by, Permission.EDIT_PLAN, authority).require()
    with transaction.atomic():
        # One import of an authority at a time, so that two at once do not both find the plan missing.
        Authority.objects.select_for_update().get(id=authority.id)
        return _import(document, authority, data, by=by, name=name)


def _import(document: PlanDocument, authority: Authority, data: bytes, *, by: User, name: str) -> Imported:
    held = Plan.objects.filter(authority=authority, slug=document.slug).select_related("authority").first()
    if held is not None:
        if stored_document(held) != document:
            raise PlanDiffers(
                f"“{document.slug}” is held already for {authority}, with other words. Nothing was changed. "
                f"A reworded plan is another document: give it a slug of its own."
            )
        return Imported(held, already_held=True)
    with recording("plans.import", by=by) as change:
        plan = _store(document, authority, fingerprint(data))
        change.subject = _subject(plan)
        change.after = {"slug": plan.slug, "file": name, "sha256": plan.file_sha256}
        keep(Root.PRIVATE, data)
    return Imported(plan, already_held=False)


def publish(plan: Plan, *, by: User) -> Plan:
    """Show the plan to everyone. Publishing it again changes nothing."""
    may(by, Permission.PUBLISH_PLAN, plan.authority).require()
    with transaction.atomic():
        # Read again under a lock: of two who press at once, the second finds it published.
        plan.published_at = Plan.objects.select_for_update().get(id=plan.id).published_at
        if plan.published_at is None:
            _publish(plan, by=by)
    return plan


def _publish(plan: Plan, *, by: User) -> None:
    with recording("plans.publish", on=_subject(plan), by=by) as change:
        change.before = {"published_at": None}
        plan.published_at = timezone.now()
        plan.save(update_fields=["published_at"])
        change.after = {"published_at": plan.published_at}


def _store(document: PlanDocument, authority: Authority, digest: str) -> Plan:
    plan = Plan(
        authority=authority,
        slug=document.slug,
        title=document.title,
        status=document.status,
        period=document.period,
        wording_note=document.wording_note,
        source=document.source.model_dump(mode="json"),
        file_sha256=digest,
        imported_at=timezone.now(),
    )
    slugs.take(namespace(authority), document.slug, plan.id)
    plan.save()
    stored: dict[str, PlanNode] = {}
    clauses: list[NodeClause] = []
    for position, (node, parent) in enumerate(document.walk(), start=1):
        stored[node.ref] = PlanNode(
            plan=plan,
            parent=stored[parent.ref] if parent else None,
            position=position,
            kind=node.kind,
            ref=node.ref,
            statement=node.model_dump(mode="json", exclude={"children", "clauses"}),
        )
        clauses += [
            NodeClause(
                node=stored[node.ref],
                position=place,
                clause=each.id,
                quote=each.quote,
                check_text=each.check,
                companion=each.companion,
            )
            for place, each in enumerate(node.clauses, start=1)
        ]
    PlanNode.objects.bulk_create(stored.values())
    NodeClause.objects.bulk_create(clauses)
    return plan


def _subject(plan: Plan) -> Subject:
    return Subject(KIND, plan.id, plan.authority_id)
