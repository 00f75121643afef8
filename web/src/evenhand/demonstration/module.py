"""What the demonstration declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.modules import Module, RecordedAction

MODULE = Module(
    actions=(RecordedAction("demonstration.let_in", _("Set the password of the demonstration’s people")),),
)
