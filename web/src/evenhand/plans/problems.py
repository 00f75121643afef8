"""What can be wrong with a plan file, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class Problem:
    """`where` is for people ("line 12, column 5"); `path` counts from 0 ("nodes[3].children[1].measure")."""

    where: str
    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.where}, {self.path}" if self.path else self.where
        stop = "" if self.what.endswith("?") else "."
        return f"{place}: {self.what}{stop} {self.mend}"


class PlanFileError(ValueError):
    """The file is not a plan that can be read; `problems` holds everything that was found."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{name}: {count} {'problem' if count == 1 else 'problems'}; nothing was taken from it."]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN_AT_MOST]]
        if count > SHOWN_AT_MOST:
            lines.append(f"  and {count - SHOWN_AT_MOST} more.")
        super().__init__("\n".join(lines))


def place(line: int, column: int) -> str:
    return f"line {line}, column {column}"


def did_you_mean(given: str, choices: Iterable[str]) -> str:
    close = get_close_matches(given, list(choices), n=1, cutoff=0.6)
    return f"; did you mean “{close[0]}”?" if close else ""
