"""Writing down what people ask about their data, answering it, and erasing. Each is one entry in the record."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.models import Authority, Delegation, Membership, User
from evenhand.authorities.permissions import Permission, may
from evenhand.ledger.actions import Subject, erase_payloads, recording
from evenhand.privacy import erasing, erasure_list, queries, storage, sweeping
from evenhand.privacy.answer import Answer, held_about
from evenhand.privacy.due import one_month_after
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.erasure_list import Erased
from evenhand.privacy.models import Erasure, Objection, Request
from evenhand.privacy.pseudonyms import pseudonym
from evenhand.records.identity import new_id


class CannotAnswer(ValueError):
    """It can't be done as things stand: the message says why, and what to do."""


def receive(
    authority: Authority, *, by: User, person: User, kind: RequestKind, received_on: date, note: str = ""
) -> Request:
    """Write down what a person asked, and start its clock. People may ask for themselves."""
    if by != person:
        may(by, Permission.ANSWER_REQUESTS, authority).require()
    if not queries.authorities_of(person).filter(id=authority.id).exists():
        raise CannotAnswer(f"{person} does not work for {authority} and never did.")
    if received_on > timezone.localdate():
        raise CannotAnswer("A request can't have been received on a day that is still to come.")
    with recording("privacy.receive", by=by) as change:
        request = Request.objects.create(
            authority=authority,
            person=person,
            kind=RequestKind(kind),
            received_on=received_on,
            due_on=one_month_after(received_on),
            note=note,
        )
        change.subject = _subject(request)
        change.after = {"kind": kind, "received_on": received_on, "due_on": request.due_on, "person": person.id}
    return request


def look_up(request: Request, *, by: User) -> Answer:
    """What the authority holds about the person who asked. That somebody looked is recorded."""
    may(by, Permission.ANSWER_REQUESTS, request.authority).require()
    with recording("privacy.look_up", by=by, on=_subject(request)) as change:
        found = held_about(request.person, request.authority)
        change.after = {"rows": sum(len(section.rows) for section in found.sections)}
    return found


def close(request: Request, *, by: User, outcome: Outcome, answer: str) -> Request:
    """Say how the request was answered. Why one is refused must be said: the person is told it."""
    may(by, Permission.ANSWER_REQUESTS, request.authority).require()
    if request.closed_at:
        raise CannotAnswer("This request has been answered already.")
    if outcome != Outcome.DONE and not answer.strip():
        raise CannotAnswer("Say what the person was told: why it was not done, or not all of it.")
    with recording("privacy.close", by=by, on=_subject(request)) as change:
        request.outcome, request.answer = Outcome(outcome), answer
        request.answered_by, request.closed_at = by, timezone.now()
        request.save(update_fields=["outcome", "answer", "answered_by", "closed_at"])
        change.after = {"outcome": outcome, "in_time": timezone.localdate() <= request.due_on}
    return request


def object_to_analysis(authority: Authority, *, by: User, number: str) -> Objection:
    """Keep that whoever has this staff number objects. The number itself is not stored."""
    may(by, Permission.ANSWER_REQUESTS, authority).require()
    if not number.strip():
        raise CannotAnswer("Give the number under which the person stands in the authority's staff records.")
    with recording("privacy.object_to_analysis", by=by) as change:
        objection, _created = Objection.objects.get_or_create(
            authority=authority,
            pseudonym=pseudonym(authority, number),
            withdrawn_on=None,
            defaults={"recorded_on": timezone.localdate()},
        )
        change.subject = Subject("objection", objection.id, authority.id)
        change.after = {"recorded_on": objection.recorded_on}
    return objection


def withdraw_objection(authority: Authority, *, by: User, number: str) -> Objection:
    may(by, Permission.ANSWER_REQUESTS, authority).require()
    with recording("privacy.withdraw_objection", by=by) as change:
        standing = queries.objections(authority).filter(withdrawn_on=None, pseudonym=pseudonym(authority, number))
        objection = standing.first()
        if objection is None:
            raise CannotAnswer("Nobody with this number objects at present. Look at how the number is written.")
        objection.withdrawn_on = timezone.localdate()
        objection.save(update_fields=["withdrawn_on"])
        change.subject = Subject("objection", objection.id, authority.id)
        change.after = {"withdrawn_on": objection.withdrawn_on}
    return objection


def erase(person: User, *, by: User, reason: str, authority: Authority | None = None) -> Erasure:
    """Take a person's name and address out of the system for good. What they did stays, under an id."""
    may(by, Permission.ANSWER_REQUESTS, authority).require()
    with transaction.atomic():
        held = User.objects.select_for_update().get(id=person.id)  # so that nobody gives a role in between
        if refusal := erasing.why_not(held, authority):
            raise CannotAnswer(refusal)
        if erasing.traces_of(held).are_in(reason):
            raise CannotAnswer("The reason names the person, and it stays in the record. Give one without it.")
        return _erase(held, by=by, reason=reason, authority=authority)


def reapply(erased: Iterable[Erased], *, by: User) -> int:
    """Erase again whom a restored backup brought back; says how many people and rows there were."""
    may(by, Permission.ANSWER_REQUESTS, None).require()
    with recording("privacy.reapply", by=by, on=Subject("erasures", new_id(), None)) as change:
        removed = sum(_again(each, by=by) for each in erased)
        change.after = {"removed": removed}
        transaction.on_commit(_finish)
    return removed


def _again(erased: Erased, *, by: User) -> int:
    """The rows first, by their ids: the backup may be older than the person's account."""
    reason = "erased before the backup was restored"
    removed = erase_payloads([UUID(each) for each in erased.rows.get("ledger.payload", ())], by=by, reason=reason)
    removed += sum(erasing.erase_rows(erased.rows).values())
    person = User.objects.filter(id=erased.person_id).first()
    if person is not None and not erasing.is_erased(person):
        _end_everything(person)
        _erase(person, by=by, reason=reason, rows=erased.rows)
        removed += 1
    else:
        known = {"rows": erased.rows, "erased_at": erased.at}
        Erasure.objects.get_or_create(person_id=erased.person_id, defaults=known)
    return removed


def sweep(*, by: User) -> dict[str, int]:
    """Remove what has been kept as long as it may be; says how many rows of what."""
    may(by, Permission.ANSWER_REQUESTS, None).require()
    removed = sweeping.remove_due()
    for person in queries.leavers(sweeping.days_after_leaving()):
        if not erasing.why_not(person):
            _erase(person, by=by, reason="kept as long as it may be after leaving")
            removed["authorities.user"] = removed.get("authorities.user", 0) + 1
    if removed:
        with recording("privacy.sweep", by=by, on=Subject("sweep", new_id(), None)) as change:
            change.after = dict(removed)
    erasure_list.complete()
    if queries.unwiped().exists():
        _wipe()
    return removed


def _erase(
    person: User,
    *,
    by: User,
    reason: str,
    authority: Authority | None = None,
    rows: dict[str, list[str]] | None = None,
) -> Erasure:
    traces = erasing.traces_of(person)
    on = Subject("person", person.id, authority.id if authority else None)
    with recording(erasing.ERASE, by=by, on=on, reason=reason) as change:
        entries = erasing.payloads(person, traces)
        if entries:
            erase_payloads(entries, by=by, reason=reason)
        gone = erasing.carry_out(person, traces) | {"ledger.payload": [str(each) for each in entries]}
        known = {
            label: sorted({*gone.get(label, []), *(rows or {}).get(label, [])}) for label in {*gone, *(rows or {})}
        }
        erasure, _new = Erasure.objects.update_or_create(
            person_id=person.id, defaults={"rows": known, "erased_at": timezone.now(), "wiped_at": None}
        )
        change.after = {"removed": {label: len(ids) for label, ids in gone.items()}}
        # Before the end, when nobody could be found by name any more: a copy of a message is no loss if it fails then.
        erasing.clean_up(person, traces)
        transaction.on_commit(_finish)
    return erasure


def _finish() -> None:
    erasure_list.complete()
    _wipe()


def _wipe() -> None:
    waiting = list(queries.unwiped().values_list("id", flat=True))
    if storage.wipe():
        Erasure.objects.filter(id__in=waiting).update(wiped_at=timezone.now())


def _end_everything(person: User) -> None:
    """Someone who had left before the backup was restored, and has a role again in what it brought back."""
    now = timezone.now()
    Membership.objects.filter(user=person, ended_at=None).update(ended_at=now)
    Delegation.objects.filter(giver=person, ended_early_at=None, ends_at__gte=now).update(ended_early_at=now)
    Delegation.objects.filter(receiver=person, ended_early_at=None, ends_at__gte=now).update(ended_early_at=now)


def _subject(request: Request) -> Subject:
    return Subject("request", request.id, request.authority_id)
