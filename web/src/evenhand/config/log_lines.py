"""How a line of the log is written: what happened, and nothing that anybody said.

A message of our own is written as it is, but for e-mail addresses. Of a library's message only the constant part is
written, never what it puts in: that may be an address with a token in it, a cookie, a name. Of an exception its type
and the places that it passed through are written, not its text and no values.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
OWN = "evenhand"
EMAIL = re.compile(r"[^\s@<>\"'(){},;:=]+@[^\s@<>\"'(){},;:=]+")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*(?:\*|\d+)?(?:\.\d+)?[a-zA-Z]")
SAID = re.compile(r"[:'\"“‘<({\[=@].*", re.DOTALL)  # where the constant part of a finished message ends
PACKAGES = ("site-packages", "src")


def new_request_id() -> str:
    return uuid4().hex


def message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == OWN:
        return EMAIL.sub("(address)", record.getMessage())
    text = str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__
    return PLACEHOLDER.sub("…", text) if record.args else SAID.sub("…", text)


def places(trace: TracebackType | None) -> list[str]:
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def exception(record: logging.LogRecord) -> dict[str, Any] | None:
    if not record.exc_info or record.exc_info[0] is None:
        return None
    kind, _value, trace = record.exc_info
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "places": places(trace)}


def _short(filename: str) -> str:
    """From the package on: where the program is installed is nobody's business."""
    parts = Path(filename).parts
    found = [place for place, part in enumerate(parts) if part in PACKAGES]
    return "/".join(parts[found[-1] + 1 :] if found else parts[-2:])


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message(record),
        }
        if request_id := REQUEST_ID.get():
            line["request"] = request_id
        if record.name.split(".")[0] == OWN:
            line |= {name: value for name, value in getattr(record, "told", {}).items() if value is not None}
        if fault := exception(record):
            line["exception"] = fault
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = getattr(record, "told", {}) if record.name.split(".")[0] == OWN else {}
        words = [f"{name}={value}" for name, value in told.items() if value is not None]
        line = " ".join([record.levelname, record.name, message(record).replace("\n", " "), *words])
        fault = exception(record)
        return "\n    ".join([line, fault["type"], *fault["places"]]) if fault else line
