from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The category used in every standard for people who are in the source's total but in none of its groups.
NOT_SHOWN_AT_SOURCE = "not_shown_at_source"


class Origin(TextChoices):
    """Where a count comes from."""

    GIVEN = "given", _("Given in the source")
    REMAINDER = "remainder", _("Rest of the total in the source")
    NOT_GIVEN = "not_given", _("No figure in the source")
