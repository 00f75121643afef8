"""The forms that a person was signed out of, as tasks on their home page, in case they came back another way."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from evenhand.authorities.models import User
from evenhand.modules import StaffTask
from evenhand.sign_in.kept.sent_form import KEPT, with_parameter
from evenhand.sign_in.kept.storage import kept_forms


def kept_form_tasks(person: User) -> Iterator[StaffTask]:
    for row_id, form in kept_forms(person):
        yield StaffTask(
            _("Send a form that was not processed"),
            with_parameter(form["page"], KEPT, row_id),
            _("You were signed out before you sent it. What you entered is kept for 30 minutes."),
        )
