from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.releases.queries import Year
from evenhand.releases.words import period_words
from evenstat.disclosure import HIDING


class DraftForm(forms.Form):
    """What a publication begins with: what it is called, how people are protected, and which years it holds."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What it is and of which years, as a resident would say it."),
        max_length=200,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    slug = forms.SlugField(
        label=gettext_lazy("Its part of the web address"),
        help_text=gettext_lazy(
            "Small letters, figures and hyphens, for good. Left empty, it is made from the title: "
            "“Workforce, 2026” becomes workforce-2026."
        ),
        max_length=100,
        required=False,
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("How people are protected"),
        widget=forms.RadioSelect,
        choices=[(each.id, f"{each.name}. {each.description}") for each in HIDING],
        initial=HIDING[0].id,
    )
    years = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which years"),
        help_text=gettext_lazy("The same figures can't go out twice: a reader could hold the two side by side."),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": gettext_lazy("Choose at least one year.")},
    )

    def __init__(self, *args: Any, years: Sequence[Year], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["years"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each.year, _year_words(each)) for each in years]
        field.initial = [each.year for each in years if not each.out_in]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and not self.errors:
            cleaned["slug"] = slugify(cleaned["title"])[:100].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", _("No web address can be made from this title. Give one here."))
        return cleaned


def _year_words(year: Year) -> str:
    period = period_words(year.period)
    return (
        _("%(period)s (already out in “%(title)s”)") % {"period": period, "title": year.out_in}
        if year.out_in
        else period
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it taken back?"),
        help_text=gettext_lazy("It stays in the record of changes. Name nobody whom the figures are about."),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why: it stays in the record of changes.")},
    )


class TogetherForm(forms.Form):
    """Which rows of a table would stand as one."""

    together = forms.MultipleChoiceField(
        label=gettext_lazy("Show together as one row"),
        help_text=gettext_lazy("Two groups or more. The others stay as they are out."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least two groups."),
            "invalid_choice": gettext_lazy("Choose among the groups of this table."),
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["together"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices)

    def clean_together(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["together"]
        if len(chosen) < 2:
            raise forms.ValidationError(_("Choose at least two groups."))
        return chosen
