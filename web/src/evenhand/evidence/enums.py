from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The category, in every standard, of people in the source's total and in none of its groups.
NOT_SHOWN_AT_SOURCE = "not_shown_at_source"


class Origin(TextChoices):
    """How a count came to be known."""

    GIVEN = "given", _("Given in the source")
    REMAINDER = "remainder", _("What the source's groups leave of its total")
    NOT_GIVEN = "not_given", _("No figure in the source: nobody, not asked, or hidden there")
