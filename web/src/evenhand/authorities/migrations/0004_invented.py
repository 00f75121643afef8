import django.core.validators
from django.db import migrations, models
from django.db.models import Q, Value
from django.db.models.functions import Right, StrIndex
from django.db.models.lookups import Exact

MARK = "(invented)"


class Migration(migrations.Migration):
    """Every authority and person that exists is real."""

    dependencies = [("authorities", "0003_plain_words")]

    operations = [
        migrations.AddField(
            "authority",
            "invented",
            models.BooleanField(
                default=False,
                help_text="Made up, so that people can try things out. Fixed when the authority is added.",
            ),
        ),
        migrations.AlterField(
            "authority",
            "area_code",
            models.CharField(
                help_text="The statistical code of the area that it serves, for example E47000004.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[EJKNSWX][0-9]{8}$", "An area code is a letter and eight figures: E08000012."
                    )
                ],
            ),
        ),
        migrations.AddConstraint(
            "authority",
            models.CheckConstraint(
                condition=Q(
                    Exact(Right("name", 11), f" {MARK}"),
                    Exact(Right("area_name", 11), f" {MARK}"),
                    Exact(Right("slug", 9), "-invented"),
                    Exact(StrIndex("area_code", Value("X")), 1),
                    invented=True,
                )
                | Q(
                    Exact(StrIndex("name", Value(MARK)), 0),
                    ~Q(Exact(Right("slug", 9), "-invented")),
                    Exact(StrIndex("area_code", Value("X")), 0),
                    invented=False,
                ),
                name="invented_says_so",
                violation_error_message=(
                    "The name and the area name of an invented authority end in “(invented)”, its address ends in "
                    "“-invented”, and its area code begins with X. Those of a real authority do not."
                ),
            ),
        ),
        migrations.AddField(
            "user",
            "invented",
            models.BooleanField(
                default=False,
                help_text=("Made up, to work for invented authorities only. Fixed when the account is created."),
            ),
        ),
    ]
