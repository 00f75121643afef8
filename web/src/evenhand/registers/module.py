"""What the kit of registers declares to the rest of the site. Each register declares itself in its own module."""

from django.utils.translation import gettext_lazy as _

from evenhand.modules import Module, RecordedAction, SubjectKind

MODULE = Module(
    purpose=_("Accountability: which post answers for what, who holds it, and who wrote which version"),
    actions=(
        RecordedAction("registers.add", _("Added a record")),
        RecordedAction("registers.change", _("Changed a record")),
        RecordedAction("registers.move", _("Changed the state of a record")),
        RecordedAction(
            "registers.import_sheet",
            _("Imported a sheet"),
            details={"register": _("Kind of record"), "added": _("Added"), "changed": _("Changed")},
        ),
    ),
    subjects=(SubjectKind("sheet", _("sheet")),),
    data_labels={
        "registers.recordversion": _("Versions of records that you saved"),
        "registers.stagedsheet": _("Sheets that you uploaded and have not imported"),
    },
)
