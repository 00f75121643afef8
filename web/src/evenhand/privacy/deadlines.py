"""The time limit for answering a request: one month from receipt, which may be stopped and extended."""

from datetime import date

from evenhand.authorities.models import Authority
from evenhand.clock.calculation import DueDate
from evenhand.clock.queries import due_date_of
from evenhand.clock.rules import statutory_rules
from evenhand.ledger.actions import Subject
from evenhand.privacy.models import Request


def first_due_date(authority: Authority, received_on: date) -> DueDate:
    return due_date_of(statutory_rules()["data_request"], received_on, authority)


def due_date_of_request(request: Request) -> DueDate:
    """The deadline with its pauses and its extension."""
    rule = statutory_rules()["data_request"]
    return due_date_of(rule, request.received_on, request.authority, subject_of(request))


def subject_of(request: Request) -> Subject:
    return Subject("request", request.id, request.authority_id)
