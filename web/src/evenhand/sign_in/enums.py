from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptKind(models.TextChoices):
    FORM = "form", _("A form that was sent after the session ended")
    PAGE = "page", _("The page that a form led to")
    OUTCOME = "outcome", _("Where a form led to, in case it is sent twice")
