"""Problems in a plan file, described so that its author can fix them."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MAX_SHOWN = 50


@dataclass(frozen=True)
class PlanProblem:
    """`location` is for people ("line 12, column 5"); `path` counts from 0 ("nodes[3].children[1].measure").

    `description` is a sentence without its capital letter and full stop. `fix` is one or more whole sentences.
    `line` counts from 1; it is None if the problem is not in one line.
    """

    location: str
    path: str
    description: str
    fix: str
    line: int | None = None

    def __str__(self) -> str:
        location = f"{self.location}, {self.path}" if self.path else self.location
        return f"{location}: {self.description}. {self.fix}"


class PlanFileError(ValueError):
    """The file is not a valid plan. `problems` has every problem that was found."""

    def __init__(self, name: str, problems: Iterable[PlanProblem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{name} has {count} {'problem' if count == 1 else 'problems'}. Nothing was imported."]
        lines += [f"  {problem}" for problem in self.problems[:MAX_SHOWN]]
        if count > MAX_SHOWN:
            lines.append(f"  There are {count - MAX_SHOWN} more.")
        super().__init__("\n".join(lines))


def line_and_column(line: int, column: int) -> str:
    return f"line {line}, column {column}"


def with_suggestion(value: str, choices: Iterable[str], fix: str) -> str:
    """Put “Did you mean …?” before the fix if one of the choices is similar to the value."""
    similar = get_close_matches(value, list(choices), n=1, cutoff=0.6)
    return f"Did you mean “{similar[0]}”? {fix}" if similar else fix
