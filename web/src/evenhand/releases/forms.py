from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.releases.queries import AvailableYear
from evenhand.releases.words import period_words
from evenstat.disclosure import SUPPRESSION_POLICIES, Policy


def _policy_label(policy: Policy) -> SafeString:
    """The name of the policy, with its description below as a hint."""
    return format_html(
        '<span><strong>{}.</strong><br><span class="eh-field__hint">{}</span></span>', policy.name, policy.description
    )


class DraftForm(forms.Form):
    """The details of a new publication: its title, its rule for hiding small counts, and its years."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Describe the figures and their years in words that residents will understand."),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter a title.")},
    )
    slug = forms.SlugField(
        label=gettext_lazy("Web address"),
        help_text=gettext_lazy(
            "Use lower-case letters, numbers and hyphens. You can’t change it later. If you leave it blank, we will "
            "use the title: “Workforce, 2026” becomes workforce-2026."
        ),
        max_length=100,
        required=False,
        error_messages={
            "invalid": gettext_lazy(
                "Use only lower-case letters, numbers and hyphens in the web address, for example workforce-2022."
            )
        },
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("Rule for hiding small counts"),
        widget=forms.RadioSelect,
        choices=[(policy.id, _policy_label(policy)) for policy in SUPPRESSION_POLICIES],
        initial=SUPPRESSION_POLICIES[0].id,
    )
    years = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Years"),
        help_text=gettext_lazy(
            "You can’t publish the same figures twice, because comparing two versions could reveal hidden figures."
        ),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": gettext_lazy("Select at least one year.")},
    )

    def __init__(self, *args: Any, years: Sequence[AvailableYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["years"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(year.year, _year_label(year)) for year in years]
        field.initial = [year.year for year in years if not year.published_in]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and not self.errors:
            cleaned["slug"] = slugify(cleaned["title"])[:100].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", _("This title can’t be used as a web address. Enter a web address."))
        return cleaned


def _year_label(year: AvailableYear) -> str:
    period = period_words(year.period)
    return (
        _("%(period)s (already published in “%(title)s”)") % {"period": period, "title": year.published_in}
        if year.published_in
        else period
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why are you returning it to draft?"),
        help_text=gettext_lazy("This will be kept in the record of changes. Do not name anyone the figures are about."),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class MergedRowForm(forms.Form):
    """Which rows of a table to show as one row."""

    together = forms.MultipleChoiceField(
        label=gettext_lazy("Groups to show as one row"),
        help_text=gettext_lazy("Select two or more groups. The others will stay as they are published."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Select at least two groups."),
            "invalid_choice": gettext_lazy("Select groups from this table."),
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["together"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices)

    def clean_together(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["together"]
        if len(chosen) < 2:
            raise forms.ValidationError(_("Select at least two groups."))
        return chosen
