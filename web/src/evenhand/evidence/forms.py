from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.evidence.intake.source import LONGEST_TEXT
from evenhand.evidence.models import REQUIRED_FACTS, Dataset


def _publisher() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Publisher"),
        help_text=gettext_lazy(
            "Who publishes the figures, for example “Anywhere Council”. Publications will name them."
        ),
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Enter who publishes the figures.")},
    )


def _licence() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Licence"),
        help_text=gettext_lazy(
            "How others may use the figures, for example “Open Government Licence v3.0” or “All rights reserved”."
        ),
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Enter the licence of the figures.")},
    )


class WorkforceForm(forms.Form):
    """A file of counts and its source: the publisher and licence, or a description that gives them."""

    file = forms.FileField(
        label=gettext_lazy("File of counts"),
        help_text=gettext_lazy(
            "A CSV file saved as UTF-8, with one row for each year. There is an example at the end of this page."
        ),
        allow_empty_file=True,  # reading the file reports an empty one
        max_length=255,
        error_messages={"required": gettext_lazy("Select a file of counts.")},
    )
    source = forms.FileField(
        label=gettext_lazy("Description of the source"),
        help_text=gettext_lazy(
            "A text file in the TOML format that says where the figures come from: lines such as "
            'publisher = "Anywhere Council". '
            "It can give the title, publisher, licence, address and retrieved_on (a date)."
        ),
        required=False,
        allow_empty_file=True,
        max_length=255,
    )

    publisher = _publisher()
    licence = _licence()

    def __init__(self, *args: Any, needs: Collection[str], **kwargs: Any) -> None:
        """`needs` names the facts that nobody has stated yet: the form asks for no others."""
        super().__init__(*args, **kwargs)
        for name in REQUIRED_FACTS:
            if name not in needs:
                del self.fields[name]
            elif self.files.get("source"):
                self.fields[name].required = False
        if needs:
            source = self.fields["source"]
            asked = _("If it gives the publisher and the licence, you do not need to enter them below.")
            source.help_text = f"{source.help_text} {asked}"

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


class SourceForm(forms.Form):
    """The facts about the source of a data set that nobody has stated yet."""

    publisher = _publisher()
    licence = _licence()
    address = forms.URLField(
        label=gettext_lazy("Web address"),
        help_text=gettext_lazy("Where the figures are published, starting with https://"),
        max_length=LONGEST_TEXT,
        required=False,
        assume_scheme="https",
    )

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if getattr(dataset, name):
                del self.fields[name]
