"""What the organisation module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.modules import Module, StaffSection
from evenhand.organisation.permissions import EDIT_POSTS
from evenhand.organisation.posts import POSTS

MODULE = Module(
    permissions=(EDIT_POSTS,),
    subjects=(POSTS.as_subject_kind(),),
    sections=(
        StaffSection(
            _("Posts"),
            _("The posts that are responsible for actions, and who holds them."),
            "organisation:post_list",
            position=12,
        ),
    ),
    urls=(("work/", "evenhand.organisation.urls"),),
    data_labels={"registers.post": _("Posts that you hold")},
)
