from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where, what, and how to mend it."""

    what: str
    mend: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        return f"{where}: {self.what} {self.mend}" if where else f"{self.what} {self.mend}"


class FileRefused(Exception):
    """Nothing of the file was taken in. `faults` holds everything that was found wrong."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.name, self.faults = name, faults
        things = "1 thing is" if len(faults) == 1 else f"{len(faults)} things are"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{name} was not taken in, and nothing was stored: {things} wrong.\n{lines}")
