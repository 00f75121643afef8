"""The answer to a person as files: a page to read, the same as data, and both in a ZIP."""

import io
import json
import os
import zipfile
from pathlib import Path

from django.template.loader import render_to_string

from evenhand.privacy.answer import Answer

NAME = "what-is-held"


class UnknownForm(ValueError):
    """The answer can't be written as a file of this kind."""


def page(answer: Answer) -> str:
    return render_to_string("privacy/paper.html", {"answer": answer})


def data(answer: Answer) -> str:
    return json.dumps(answer.as_data(), indent=2, ensure_ascii=False, default=str)


def archive(answer: Answer) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(f"{NAME}.html", page(answer))
        made.writestr(f"{NAME}.json", data(answer))
    return held.getvalue()


def write(answer: Answer, file: Path) -> None:
    """For this user alone: it holds personal data."""
    forms = {
        ".json": lambda: data(answer).encode(),
        ".html": lambda: page(answer).encode(),
        ".zip": lambda: archive(answer),
    }
    if file.suffix not in forms:
        raise UnknownForm(f"{file.name}: give a name that ends in {', '.join(forms)}.")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(forms[file.suffix]())
