from dataclasses import dataclass


@dataclass(frozen=True)
class ImportProblem:
    """One problem in an import file: where it is, what is wrong, and how to fix it."""

    description: str
    fix: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        location = ", ".join(part for part in (row, column) if part)
        return f"{location}: {self.description} {self.fix}" if location else f"{self.description} {self.fix}"


class ImportFileError(Exception):
    """The file was rejected and none of it was imported. `problems` lists everything that is wrong with it."""

    def __init__(self, name: str, problems: tuple[ImportProblem, ...]) -> None:
        self.name, self.problems = name, problems
        count = "1 problem was found" if len(problems) == 1 else f"{len(problems)} problems were found"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{name} was not imported and nothing was stored: {count}.\n{lines}")
