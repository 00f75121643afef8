"""The check of a protected table: can a reader work a hidden count out? It reads published values alone."""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import policy
from evenstat.disclosure.one_way import audit


@dataclass(frozen=True)
class AuditResult:
    """What the check found, and of which content: a table that changed afterwards is not checked."""

    content_sha256: str
    passed: bool
    hidden: int
    exact: tuple[str, ...]
    in_range: tuple[str, ...]
    method: str
    version: str

    def faults(self) -> str:
        """What is wrong, for the person who has to mend it."""
        said = [f"a reader can work out {', '.join(self.exact)}"] if self.exact else []
        said += [f"shown although the policy hides it: {', '.join(self.in_range)}"] if self.in_range else []
        return "; ".join(said)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def audit_of(table: PublishedTable) -> AuditResult:
    found = audit(table.as_protected(), policy(table.policy))
    return AuditResult(
        content_sha256=digest(table.to_json()),
        passed=found.passed,
        hidden=len(table.hidden_rows),
        exact=found.exact,
        in_range=found.in_range,
        method=found.method,
        version=version("evenstat"),
    )


def digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
