"""Stopping, restarting and extending the clock of a record.

The action of the module whose record it is calls these inside its own `recording`, after it has checked the permission
and locked the record. Nothing can be dated back: a pause begins, and ends, on the day on which it is recorded.
"""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.clock.calculation import DueDate
from evenhand.clock.enums import PauseReason
from evenhand.clock.models import Extension, Pause
from evenhand.clock.queries import extension_of
from evenhand.ledger.actions import Subject


class ClockError(NotPossible):
    """The clock cannot be stopped, restarted or extended: the message says why."""


def stop(subject: Subject, authority: Authority, due: DueDate, reason: PauseReason) -> Pause:
    """From today on, days do not count until the clock is restarted."""
    today = timezone.localdate()
    if reason not in due.rule.pauses:
        raise ClockError(_("This deadline cannot be stopped for that reason."))
    if due.due is None:
        raise ClockError(_("The clock is already stopped."))
    _check_not_past(due.due, today)
    return Pause.objects.create(
        authority=authority, subject_kind=subject.kind, subject_id=subject.id, begins=today, reason=reason
    )


def restart(subject: Subject) -> Pause:
    """From today on, days count again."""
    pause = Pause.objects.filter(subject_kind=subject.kind, subject_id=subject.id, ends=None).first()
    if pause is None:
        raise ClockError(_("The clock is not stopped."))
    pause.ends = timezone.localdate()
    pause.save(update_fields=["ends"])
    return pause


def extend(subject: Subject, authority: Authority, due: DueDate) -> Extension:
    """Extend the deadline by what the rule allows, once and before it has passed."""
    today = timezone.localdate()
    if due.rule.extension is None:
        raise ClockError(_("This deadline cannot be extended."))
    if extension_of(subject) is not None:
        raise ClockError(_("This deadline has already been extended. It cannot be extended again."))
    if due.due is not None:
        _check_not_past(due.due, today)
    return Extension.objects.create(
        authority=authority,
        subject_kind=subject.kind,
        subject_id=subject.id,
        amount=due.rule.extension.amount,
        unit=due.rule.extension.unit,
        extended_on=today,
    )


def _check_not_past(due: date, today: date) -> None:
    if due < today:
        raise ClockError(_("The deadline has already passed, so it cannot be moved."))
