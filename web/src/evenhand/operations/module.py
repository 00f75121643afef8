"""What the operations module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.authorities.permissions import MANAGE_AUTHORITY
from evenhand.modules import Module, StaffSection

MODULE = Module(
    sections=(
        StaffSection(
            _("Documents to sign"),
            _("Drafts of data protection and accessibility documents."),
            "operations:documents",
            MANAGE_AUTHORITY,
        ),
    ),
    urls=(("", "evenhand.operations.urls"),),
)
