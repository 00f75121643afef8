"""Subject access reports as files: an HTML page, the same data as JSON, and both in a ZIP."""

import io
import json
import os
import zipfile
from pathlib import Path

from django.template.loader import render_to_string

from evenhand.privacy.subject_access import SubjectAccessReport

NAME = "what-is-held"


class UnsupportedFileType(ValueError):
    """The report can't be written as a file of this type."""


def to_html(report: SubjectAccessReport) -> str:
    return render_to_string("privacy/report.html", {"report": report})


def to_json(report: SubjectAccessReport) -> str:
    return json.dumps(report.as_data(), indent=2, ensure_ascii=False, default=str)


def to_zip(report: SubjectAccessReport) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.html", to_html(report))
        archive.writestr(f"{NAME}.json", to_json(report))
    return buffer.getvalue()


def write(report: SubjectAccessReport, file: Path) -> None:
    """Readable only by the current user, because the file holds personal data."""
    writers = {
        ".json": lambda: to_json(report).encode(),
        ".html": lambda: to_html(report).encode(),
        ".zip": lambda: to_zip(report),
    }
    if file.suffix not in writers:
        raise UnsupportedFileType(f"{file.name}: use a file name that ends in {', '.join(writers)}.")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(writers[file.suffix]())
