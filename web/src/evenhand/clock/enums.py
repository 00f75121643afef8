from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What a rule counts."""

    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


class Counting(TextChoices):
    """Which days a rule counts."""

    AFTER = "after", _("The day after the event is the first day.")
    BEGINNING_WITH = "beginning_with", _("The day of the event is the first day.")
    CLEAR = "clear", _("Neither the day of the event nor the day of the deadline counts.")


class Basis(TextChoices):
    STATUTORY = "statutory", _("required by law")
    PROMISED = "promised", _("promised by the authority")


class Nation(TextChoices):
    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class Calendar(TextChoices):
    """Whose bank holidays are not working days."""

    ENGLAND = "england", _("bank holidays in England")
    UNITED_KINGDOM = "united_kingdom", _("bank holidays in any part of the United Kingdom")


class PauseReason(TextChoices):
    """Why a clock was stopped. Fixed words, so that nothing personal is stored with a deadline."""

    CLARIFICATION = "clarification", _("waiting for the person to make clear what they ask for")
    IDENTITY = "identity", _("waiting for proof of who the person is")
    FEE = "fee", _("waiting for a fee")
