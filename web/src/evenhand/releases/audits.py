"""The check of a protected table: can an attacker work out a suppressed count? It reads published values only."""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from django.utils.translation import gettext as _

from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import policy
from evenstat.disclosure.single_tables import AuditMethod, audit


@dataclass(frozen=True)
class AuditResult:
    """The result of the check and a digest of the content checked, to detect a table changed since then."""

    content_sha256: str
    passed: bool
    hidden: int
    exact: tuple[str, ...]
    in_range: tuple[str, ...]
    method: str
    version: str

    def describe_failures(self) -> str:
        failures = [f"a reader can work out {', '.join(self.exact)}"] if self.exact else []
        failures += [f"the policy hides {', '.join(self.in_range)}, but it is shown"] if self.in_range else []
        return "; ".join(failures)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def audit_of(table: PublishedTable) -> AuditResult:
    result = audit(table.as_protected(), policy(table.policy))
    return AuditResult(
        content_sha256=digest(table.to_json()),
        passed=result.passed,
        hidden=len(table.suppressed_rows),
        exact=result.exactly_disclosed,
        in_range=result.in_range,
        method=result.method,
        version=version("evenstat"),
    )


def describe_method(method: str) -> str:
    """The stored method of a check, in words. Versions before 0.3.0 stored the words, which are shown as stored."""
    return _(AuditMethod(method).description) if method in set(AuditMethod) else method


def digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
