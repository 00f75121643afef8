from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WorkforceForm(forms.Form):
    """A file of counts and, optionally, a description of its source."""

    file = forms.FileField(
        label=gettext_lazy("File of counts"),
        help_text=gettext_lazy("A CSV file saved as UTF-8, with one row for each year."),
        allow_empty_file=True,  # reading the file reports an empty one
        max_length=255,
        error_messages={"required": gettext_lazy("Select a file of counts.")},
    )
    source = forms.FileField(
        label=gettext_lazy("Description of the source"),
        help_text=gettext_lazy(
            "Optional. A TOML file with the title, publisher, licence, web address and date of retrieval."
        ),
        required=False,
        allow_empty_file=True,
        max_length=255,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        largest: int = settings.EVENHAND_LARGEST_FILE_BYTES
        for name in ("file", "source"):
            uploaded: UploadedFile[bytes] | None = cleaned.get(name)
            if uploaded is not None and (uploaded.size or 0) > largest:
                megabytes = largest // 1_000_000
                self.add_error(
                    name, _("The file must be smaller than %(n)s MB. Split it into smaller files.") % {"n": megabytes}
                )
        return cleaned
