"""What the action_plan module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.action_plan.permissions import EDIT_ACTIONS
from evenhand.action_plan.register import ACTIONS
from evenhand.authorities.permissions import SEE_DRAFTS
from evenhand.modules import Module, StaffSection

MODULE = Module(
    permissions=(EDIT_ACTIONS,),
    subjects=(ACTIONS.as_subject_kind(),),
    sections=(
        StaffSection(
            _("Actions"),
            _("Who does what, by when, and how it stands."),
            "action_plan:action_list",
            SEE_DRAFTS,
            position=5,
        ),
    ),
    urls=(("work/", "evenhand.action_plan.urls"),),
)
