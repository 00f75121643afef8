from django.db import migrations, models

from evenhand.authorities.invented import IS_SHOWN_FROM_SOURCES, keep_apart
from evenhand.records.immutability import AlterFrozenTable, Frozen

NO_SOURCE = " OR ".join(f"coalesce(NEW.source ->> '{key}', '') = ''" for key in ("publisher", "dated", "address"))
MESSAGE = "a plan of a real body that is shown from published sources needs its publisher, date and address"


class Migration(migrations.Migration):
    """Every plan that exists is real. Plans that are shown without an address stay as they were published."""

    dependencies = [("plans", "0003_plain_words"), ("authorities", "0005_kept_apart")]

    operations = [
        AlterFrozenTable(
            "plans_plan",
            [
                migrations.AddField(
                    "plan",
                    "invented",
                    models.BooleanField(
                        default=False, help_text="Of an invented authority. Fixed when the plan is imported."
                    ),
                )
            ],
        ),
        *keep_apart("plans_plan"),
        Frozen(
            "plans_plan",
            on=("insert",),
            when=f"{IS_SHOWN_FROM_SOURCES} AND ({NO_SOURCE})",
            message=MESSAGE,
            name="plans_plan_source",
        ),
        Frozen(
            "plans_plan",
            on=("update",),
            when=f"{IS_SHOWN_FROM_SOURCES} AND ({NO_SOURCE})",
            columns=("published_at", "source"),
            message=MESSAGE,
            name="plans_plan_source",
        ),
    ]
