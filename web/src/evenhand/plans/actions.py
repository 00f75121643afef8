from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evenhand.authorities.actions import assign
from evenhand.authorities.models import Assignment, Authority, User
from evenhand.authorities.permissions import may
from evenhand.authorities.queries import authority as authority_by_slug
from evenhand.ledger.actions import Subject, recording
from evenhand.plans.document import PlanDocument, PlanSource
from evenhand.plans.models import NodeClause, Plan, PlanNode
from evenhand.plans.permissions import EDIT_PLAN, PUBLISH_PLAN
from evenhand.plans.queries import KIND, check_source, namespace, of_kind, stored_plan
from evenhand.plans.reading import read_plan
from evenhand.records import slugs
from evenhand.records.files import Root, fingerprint, store


@dataclass(frozen=True)
class PlanImport:
    plan: Plan
    already_stored: bool


def import_plan(data: bytes, *, by: User, name: str) -> PlanImport:
    """Import a plan file as a draft. It is imported completely or not at all.

    Importing the same text twice changes nothing. Raises PlanFileError, UnknownAuthority, PlanConflict.
    """
    document = read_plan(data, name)
    authority = authority_by_slug(document.authority)
    may(by, EDIT_PLAN, authority).require()
    with transaction.atomic():
        # Lock the authority, so that two simultaneous imports cannot both find that the plan does not exist.
        Authority.objects.select_for_update().get(id=authority.id)
        return _import(document, authority, data, by=by, name=name)


def _import(document: PlanDocument, authority: Authority, data: bytes, *, by: User, name: str) -> PlanImport:
    existing = stored_plan(document, authority)
    if existing is not None:
        return PlanImport(existing, already_stored=True)
    document = of_kind(document, authority)
    with recording("plans.import", by=by) as change:
        plan = _store(document, authority, fingerprint(data))
        change.subject = _subject(plan)
        change.after = {"slug": plan.slug, "file": name, "sha256": plan.file_sha256}
        _assign_to_importer(plan, by)
        store(Root.PRIVATE, data)
    return PlanImport(plan, already_stored=False)


def _assign_to_importer(plan: Plan, by: User) -> None:
    """Assign the draft to the person who uploaded it, unless a command on the server did."""
    if not by.is_operator and not plan.authority.is_closed:
        link = reverse("plans:plan", args=[plan.authority.slug, plan.slug])
        title = plan.title[: Assignment._meta.get_field("title").max_length]
        assign(plan.authority, by=by, person=by, about=_subject(plan), title=title, link=link)


def publish(plan: Plan, *, by: User) -> Plan:
    """Publish the plan. Publishing it again changes nothing. Raises PlanConflict if its source is incomplete."""
    may(by, PUBLISH_PLAN, plan.authority).require()
    with transaction.atomic():
        # Read the value again under a lock, so that the second of two simultaneous requests finds it published.
        plan.published_at = Plan.objects.select_for_update().get(id=plan.id).published_at
        if plan.published_at is None:
            check_source(plan.authority, PlanSource.model_validate(plan.source))
            _publish(plan, by=by)
    return plan


def _publish(plan: Plan, *, by: User) -> None:
    with recording("plans.publish", on=_subject(plan), by=by) as change:
        change.before = {"published_at": None}
        plan.published_at = timezone.now()
        plan.save(update_fields=["published_at"])
        change.after = {"published_at": plan.published_at}
        # End the assignment as part of this change, because the publisher may not be the person it is assigned to.
        Assignment.objects.filter(subject_kind=KIND, subject_id=plan.id, ended_at=None).update(
            ended_at=plan.published_at
        )


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
        invented=authority.invented,
    )
    slugs.reserve(namespace(authority), document.slug, plan.id)
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
                position=clause_position,
                clause=clause.id,
                quote=clause.quote,
                check_text=clause.check,
                companion=clause.companion,
            )
            for clause_position, clause in enumerate(node.clauses, start=1)
        ]
    PlanNode.objects.bulk_create(stored.values())
    NodeClause.objects.bulk_create(clauses)
    return plan


def _subject(plan: Plan) -> Subject:
    return Subject(KIND, plan.id, plan.authority_id)
