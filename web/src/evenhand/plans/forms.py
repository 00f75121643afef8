from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.plans.reading import LARGEST

FROM_THE_BOX = "plan.yaml"  # what a text without a file is called


class PlanForm(forms.Form):
    """A plan as a file, or as text in a box where it can be mended. The file goes before the box."""

    file = forms.FileField(
        label=gettext_lazy("Plan file"),
        help_text=gettext_lazy("A YAML text file of at most 1 MB."),
        required=False,
        allow_empty_file=True,  # the reading says so in its own words
        max_length=255,
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        help_text=gettext_lazy("After a check the text stands here, so that it can be mended and checked again."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "eh-plan-text"}),
        required=False,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[bytes] | None = cleaned.get("file")
        if file is None and not cleaned.get("text"):
            if not self.errors:
                self.add_error("file", _("Choose a file, or write the text below."))
        elif file is not None and (file.size or 0) > LARGEST:
            self.add_error("file", _("The file is larger than 1 MB. A plan has at most that: split it."))
        return cleaned

    @property
    def given(self) -> tuple[bytes, str]:
        """The bytes to read, and the name by which to speak of them."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is not None:
            return file.read(), file.name or FROM_THE_BOX
        return str(self.cleaned_data["text"]).encode(), FROM_THE_BOX
