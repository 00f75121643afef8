"""What the sign-in module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.modules import Module, RecordedAction, ScheduledTask, SubjectKind
from evenhand.sign_in import signals
from evenhand.sign_in.kept import storage
from evenhand.sign_in.staff_tasks import kept_form_tasks

MODULE = Module(
    purpose=_("Signing in"),
    actions=(
        RecordedAction("sign_in.sign_in", _("Signed in"), details={"ways": _("With")}),
        RecordedAction("sign_in.add_second_step", _("Set up a second factor")),
        RecordedAction("sign_in.remove_second_step", _("Removed a second factor")),
        RecordedAction("sign_in.change_password", _("Changed a password")),
        RecordedAction("sign_in.make_account", _("Created an account at the first single sign-on")),
        RecordedAction("sign_in.end_session", _("Signed out of one device")),
        RecordedAction("sign_in.end_sessions", _("Signed out of all other devices")),
        RecordedAction("sign_in.lock", _("Locked an account after failed attempts to sign in")),
        RecordedAction(
            "sign_in.unlock", _("Unlocked an account"), details={"failures": _("Failed attempts that were cleared")}
        ),
        RecordedAction("sign_in.remove_second_steps", _("Removed a person’s second factors")),
    ),
    subjects=(SubjectKind("unknown address", _("an email address without an account")),),
    urls=(("", "evenhand.sign_in.urls"),),
    staff_tasks=(kept_form_tasks,),
    data_labels={"sign_in.keptcontent": _("Forms kept during a sign-in")},
    scheduled=(ScheduledTask("sign_in.kept_content", 60, storage.delete_expired),),
    on_leaving=(signals.end_sessions_on_leaving,),
)
