"""Log formatting: what happened, without anything that users entered.

Our own messages are logged in full except for e-mail addresses. Of a library's message only the constant part is
logged, never the values inserted into it: they may be a URL with a token, a cookie or a name. Of an exception, the type
and the lines of code are logged, but not its message or any values.
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
INSERTED_VALUE = re.compile(r"[:'\"“‘<({\[=@].*", re.DOTALL)  # the end of the constant part of a formatted message
PACKAGES = ("site-packages", "src")


def new_request_id() -> str:
    return uuid4().hex


def message(record: logging.LogRecord) -> str:
    if _is_own(record):
        return EMAIL.sub("(address)", record.getMessage())
    text = str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__
    return PLACEHOLDER.sub("…", text) if record.args else INSERTED_VALUE.sub("…", text)


def places(trace: TracebackType | None) -> list[str]:
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def exception(record: logging.LogRecord) -> dict[str, Any] | None:
    if not record.exc_info or record.exc_info[0] is None:
        return None
    kind, _value, trace = record.exc_info
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "places": places(trace)}


def _short(filename: str) -> str:
    """The path from the package onwards, so that the log does not reveal where the program is installed."""
    parts = Path(filename).parts
    package_indexes = [index for index, part in enumerate(parts) if part in PACKAGES]
    return "/".join(parts[package_indexes[-1] + 1 :] if package_indexes else parts[-2:])


def _is_own(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] == OWN


def _extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {}) if _is_own(record) else {}
    return {name: value for name, value in fields.items() if value is not None}


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
        line |= _extra_fields(record)
        if error := exception(record):
            line["exception"] = error
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = [f"{name}={value}" for name, value in _extra_fields(record).items()]
        line = " ".join([record.levelname, record.name, message(record).replace("\n", " "), *fields])
        error = exception(record)
        return "\n    ".join([line, error["type"], *error["places"]]) if error else line
