from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    ACCESS = "access", _("To see the data that we hold about them")
    OBJECTION = "objection", _("To object to the use of their data")
    ERASURE = "erasure", _("To have their data erased")

    @property
    def own_label(self) -> Promise:
        """What the person wants, in words for the person."""
        return {
            RequestKind.ACCESS: _("To see the data that the authority holds about me"),
            RequestKind.OBJECTION: _("To object to the use of my data"),
            RequestKind.ERASURE: _("To have my data erased"),
        }[self]

    @property
    def heading(self) -> Promise:
        """The name of this kind of request in data protection law, for headings and links."""
        return {
            RequestKind.ACCESS: _("Subject access request"),
            RequestKind.OBJECTION: _("Objection"),
            RequestKind.ERASURE: _("Erasure request"),
        }[self]


class Outcome(models.TextChoices):
    DONE = "done", _("Done in full")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Refused, with a reason")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")
