from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WorkforceForm(forms.Form):
    """A file of counts, and if there is one the description of where they are from."""

    file = forms.FileField(
        label=gettext_lazy("File of counts"),
        help_text=gettext_lazy("CSV, one row for each year, saved as UTF-8."),
        allow_empty_file=True,  # the reading says so in its own words
        max_length=255,
        error_messages={"required": gettext_lazy("Choose a file of counts.")},
    )
    source = forms.FileField(
        label=gettext_lazy("Where they are from"),
        help_text=gettext_lazy("A TOML text file: title, publisher, licence, address, when it was read."),
        required=False,
        allow_empty_file=True,
        max_length=255,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        largest: int = settings.EVENHAND_LARGEST_FILE_BYTES
        for name in ("file", "source"):
            given: UploadedFile[bytes] | None = cleaned.get(name)
            if given is not None and (given.size or 0) > largest:
                megabytes = largest // 1_000_000
                self.add_error(name, _("The file is larger than %(n)s MB. Split it.") % {"n": megabytes})
        return cleaned
