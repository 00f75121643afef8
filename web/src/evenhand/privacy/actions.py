"""Recording and answering requests about personal data, and erasing it. Each action is one entry in the record."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Delegation, Membership, User
from evenhand.authorities.permissions import may
from evenhand.clock import stopping
from evenhand.clock.enums import PauseReason
from evenhand.ledger.actions import Subject, erase_payloads, recording
from evenhand.page_cache import store
from evenhand.privacy import deadlines, erasing, erasure_list, free_space, queries, retention
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.erasure_list import ListedErasure
from evenhand.privacy.models import Erasure, Objection, Request
from evenhand.privacy.permissions import ANSWER_REQUESTS
from evenhand.privacy.pseudonyms import pseudonym
from evenhand.privacy.subject_access import SubjectAccessReport, personal_data_of
from evenhand.records.identity import new_id


def receive(
    authority: Authority, *, by: User, person: User, kind: RequestKind, received_on: date, note: str = ""
) -> Request:
    """Record a request from a person and set its deadline. People can make requests for themselves."""
    if by != person:
        may(by, ANSWER_REQUESTS, authority).require()
    if not queries.authorities_of(person).filter(id=authority.id).exists():
        raise NotPossible(f"{person} has never worked for {authority}.")
    if received_on > timezone.localdate():
        raise NotPossible("The date a request was received must be today or in the past.")
    with recording("privacy.receive", by=by) as change:
        request = Request.objects.create(
            authority=authority,
            person=person,
            kind=RequestKind(kind),
            received_on=received_on,
            due_on=deadlines.first_due_date(authority, received_on).due,
            note=note,
        )
        change.subject = deadlines.subject_of(request)
        change.after = {"kind": kind, "received_on": received_on, "due_on": request.due_on, "person": person.id}
    return request


def look_up(request: Request, *, by: User) -> SubjectAccessReport:
    """The personal data that the authority holds about the person who made the request. The access is recorded."""
    may(by, ANSWER_REQUESTS, request.authority).require()
    with recording("privacy.look_up", by=by, on=deadlines.subject_of(request)) as change:
        report = personal_data_of(request.person, request.authority)
        change.after = {"rows": report.row_count}
    return report


def close(request: Request, *, by: User, outcome: Outcome, answer: str) -> Request:
    """Record how the request was answered. Unless it was met in full, the reason given to the person is required."""
    may(by, ANSWER_REQUESTS, request.authority).require()
    if outcome != Outcome.DONE and not answer.strip():
        raise NotPossible("Enter the reason you gave the person for not doing all of what they asked.")
    with recording("privacy.close", by=by, on=deadlines.subject_of(request)) as change:
        request = _lock_open(request)
        request.outcome, request.answer = Outcome(outcome), answer
        request.answered_by, request.closed_at = by, timezone.now()
        request.save(update_fields=["outcome", "answer", "answered_by", "closed_at"])
        in_time = request.due_on is None or timezone.localdate() <= request.due_on
        change.after = {"outcome": outcome, "in_time": in_time}
    return request


def stop_clock(request: Request, *, by: User, reason: PauseReason) -> Request:
    """Stop the time limit from today, while the authority waits for the person."""
    may(by, ANSWER_REQUESTS, request.authority).require()
    with recording("privacy.stop_clock", by=by, on=deadlines.subject_of(request)) as change:
        request = _lock_open(request)
        change.before = {"due_on": request.due_on}
        stopping.stop(deadlines.subject_of(request), request.authority, deadlines.due_date_of_request(request), reason)
        change.after = {"due_on": _save_due_date(request), "reason": reason}
    return request


def restart_clock(request: Request, *, by: User) -> Request:
    """Let the time limit run again from today, because the person has replied."""
    may(by, ANSWER_REQUESTS, request.authority).require()
    with recording("privacy.restart_clock", by=by, on=deadlines.subject_of(request)) as change:
        request = _lock_open(request)
        change.before = {"due_on": request.due_on}
        stopping.restart(deadlines.subject_of(request))
        change.after = {"due_on": _save_due_date(request)}
    return request


def extend(request: Request, *, by: User, reason: str) -> Request:
    """Extend the time limit by two months, which the law allows for complex or numerous requests."""
    may(by, ANSWER_REQUESTS, request.authority).require()
    with recording("privacy.extend", by=by, on=deadlines.subject_of(request), reason=reason) as change:
        request = _lock_open(request)
        change.before = {"due_on": request.due_on}
        stopping.extend(deadlines.subject_of(request), request.authority, deadlines.due_date_of_request(request))
        change.after = {"due_on": _save_due_date(request)}
    return request


def object_to_analysis(authority: Authority, *, by: User, number: str) -> Objection:
    """Record that the person with this staff number objects. The number itself is not stored."""
    may(by, ANSWER_REQUESTS, authority).require()
    if not number.strip():
        raise NotPossible("Enter the person’s staff number, as shown in the authority’s staff records.")
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
    may(by, ANSWER_REQUESTS, authority).require()
    with recording("privacy.withdraw_objection", by=by) as change:
        current = queries.objections(authority).filter(withdrawn_on=None, pseudonym=pseudonym(authority, number))
        objection = current.first()
        if objection is None:
            raise NotPossible("There is no current objection for this staff number. Check the number.")
        objection.withdrawn_on = timezone.localdate()
        objection.save(update_fields=["withdrawn_on"])
        change.subject = Subject("objection", objection.id, authority.id)
        change.after = {"withdrawn_on": objection.withdrawn_on}
    return objection


def erase(person: User, *, by: User, reason: str, authority: Authority | None = None) -> Erasure:
    """Permanently remove a person's name and contact details. What they did stays in the record under a random id."""
    may(by, ANSWER_REQUESTS, authority).require()
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=person.id)  # so that nobody gives them a role in the meantime
        if obstacle := erasing.obstacle_to_erasure(user, authority):
            raise NotPossible(obstacle)
        if erasing.identifiers_of(user).appear_in(reason):
            raise NotPossible(
                "The reason names the person, and it will be kept in the record of changes. "
                "Enter a reason that does not identify them."
            )
        return _erase(user, by=by, reason=reason, authority=authority)


def reapply(erasures: Iterable[ListedErasure], *, by: User) -> int:
    """Erase again what a restored backup brought back. Returns the number of people and rows removed."""
    may(by, ANSWER_REQUESTS, None).require()
    with recording("privacy.reapply", by=by, on=Subject("erasures", new_id(), None)) as change:
        removed = sum(_reapply_one(erasure, by=by) for erasure in erasures)
        change.after = {"removed": removed}
        transaction.on_commit(_finish)
    return removed


def _lock_open(request: Request) -> Request:
    """The request as it is now, locked, so that of two simultaneous actions the second sees what the first did."""
    current = Request.objects.select_for_update(of=("self",)).select_related("authority").get(id=request.id)
    if current.closed_at:
        raise NotPossible("This request has already been answered.")
    return current


def _save_due_date(request: Request) -> date | None:
    request.due_on = deadlines.due_date_of_request(request).due
    request.save(update_fields=["due_on"])
    return request.due_on


def _reapply_one(listed: ListedErasure, *, by: User) -> int:
    """Remove the rows first, by their ids: the backup may be older than the person's account."""
    reason = "erased before the backup was restored"
    entry_ids = [UUID(row_id) for row_id in listed.rows.get("ledger.payload", ())]
    removed = erase_payloads(entry_ids, by=by, reason=reason)
    removed += sum(erasing.delete_rows(listed.rows).values())
    person = User.objects.filter(id=listed.person_id).first()
    if person is not None and not erasing.is_erased(person):
        _end_all_access(person)
        _erase(person, by=by, reason=reason, earlier_rows=listed.rows)
        removed += 1
    else:
        defaults = {"rows": listed.rows, "erased_at": listed.at}
        Erasure.objects.get_or_create(person_id=listed.person_id, defaults=defaults)
    return removed


def sweep(*, by: User) -> dict[str, int]:
    """Delete what is past its retention period. Returns the number of rows deleted, by model."""
    may(by, ANSWER_REQUESTS, None).require()
    removed = retention.delete_expired()
    for person in queries.leavers(retention.days_after_leaving()):
        if not erasing.obstacle_to_erasure(person):
            _erase(person, by=by, reason="the retention period after leaving has ended")
            removed["authorities.user"] = removed.get("authorities.user", 0) + 1
    if removed:
        with recording("privacy.sweep", by=by, on=Subject("sweep", new_id(), None)) as change:
            change.after = dict(removed)
    erasure_list.append_missing()
    if queries.erasures_to_wipe().exists():
        _wipe()
    return removed


def _erase(
    person: User,
    *,
    by: User,
    reason: str,
    authority: Authority | None = None,
    earlier_rows: dict[str, list[str]] | None = None,
) -> Erasure:
    identifiers = erasing.identifiers_of(person)
    on = Subject("person", person.id, authority.id if authority else None)
    with recording("privacy.erase", by=by, on=on, reason=reason) as change:
        entry_ids = erasing.entries_to_erase(person, identifiers)
        if entry_ids:
            erase_payloads(entry_ids, by=by, reason=reason)
        removed = erasing.remove_personal_data(person, identifiers)
        removed |= {"ledger.payload": [str(entry_id) for entry_id in entry_ids]}
        rows = _merge(removed, earlier_rows or {})
        erasure, _created = Erasure.objects.update_or_create(
            person_id=person.id, defaults={"rows": rows, "erased_at": timezone.now(), "wiped_at": None}
        )
        change.after = {"removed": {label: len(ids) for label, ids in removed.items()}}
        # Before the commit, while the person can still be found by name. If the transaction then fails, only copies of
        # messages are lost.
        erasing.erase_outside_database(person, identifiers)
        transaction.on_commit(_finish)
    return erasure


def _merge(rows: dict[str, list[str]], earlier_rows: dict[str, list[str]]) -> dict[str, list[str]]:
    labels = {*rows, *earlier_rows}
    return {label: sorted({*rows.get(label, []), *earlier_rows.get(label, [])}) for label in labels}


def _finish() -> None:
    store.clear()
    erasure_list.append_missing()
    _wipe()


def _wipe() -> None:
    erasure_ids = list(queries.erasures_to_wipe().values_list("id", flat=True))
    if free_space.wipe():
        Erasure.objects.filter(id__in=erasure_ids).update(wiped_at=timezone.now())


def _end_all_access(person: User) -> None:
    """For someone who had left before the backup was restored, and has a role again in the restored data."""
    now = timezone.now()
    Membership.objects.filter(user=person, ended_at=None).update(ended_at=now)
    Delegation.objects.filter(giver=person, ended_early_at=None, ends_at__gte=now).update(ended_early_at=now)
    Delegation.objects.filter(receiver=person, ended_early_at=None, ends_at__gte=now).update(ended_early_at=now)
