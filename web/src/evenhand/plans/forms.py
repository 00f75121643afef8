from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.plans.file_kinds import OLE, ZIP
from evenhand.plans.reading import MAX_BYTES

PASTED_FILE_NAME = "plan.yaml"  # for text pasted into the form


class PlanUploadForm(forms.Form):
    """A plan as a file, or as text in a box where it can be corrected. If both are given, the file is used."""

    file = forms.FileField(
        label=gettext_lazy("Plan file"),
        help_text=gettext_lazy(
            "A text file in the YAML format, of at most 1 MB: lines such as “title: Equality objectives 2026 to 2030”. "
            "There is an example at the end of this page."
        ),
        required=False,
        allow_empty_file=True,  # read_plan reports it, with advice
        max_length=255,
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the text of the plan"),
        help_text=gettext_lazy(
            "After you check a file, its text appears here, so that you can correct it and check it again."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "eh-plan-text"}),
        required=False,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[bytes] | None = cleaned.get("file")
        if file is None and not cleaned.get("text"):
            if not self.errors:
                self.add_error("file", _("Choose a file or paste the text of the plan."))
        elif file is not None and (file.size or 0) > MAX_BYTES and not self._is_document(file):
            self.add_error("file", _("The file must be smaller than 1 MB. Split the plan into several files."))
        return cleaned

    @staticmethod
    def _is_document(file: "UploadedFile[bytes]") -> bool:
        """Whether it is a Word or other document, which no splitting helps. `read_plan` says what to do instead."""
        start: bytes = file.read(8)
        file.seek(0)
        return start.startswith((ZIP, OLE, b"%PDF"))

    @property
    def content_and_name(self) -> tuple[bytes, str]:
        """The bytes of the plan, and the file name to use in messages."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is not None:
            return file.read(), file.name or PASTED_FILE_NAME
        return str(self.cleaned_data["text"]).encode(), PASTED_FILE_NAME
