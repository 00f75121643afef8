"""Checks that our style sources use only logical properties, so that pages work in both text directions."""

import re
from collections.abc import Iterator
from pathlib import Path

SIDES = "top|right|bottom|left"
PHYSICAL = (
    rf"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:{SIDES})(?:-[a-z]+)?",
    r"border-(?:top|bottom)-(?:left|right)-radius",
    rf"(?:{SIDES})",
    r"(?:min-|max-)?(?:width|height)",
    r"overflow-[xy]",
)
PHYSICAL_NAME = re.compile(rf"(?:^|(?<=[;{{]))\s*((?:{'|'.join(PHYSICAL)})\s*:)")
PHYSICAL_VALUE = re.compile(r"(?:^|(?<=[;{\s]))((?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b)")
FOUR_VALUES = re.compile(r"((?:margin|padding|inset)\s*:\s*\S+\s+(\S+)\s+\S+\s+([^\s;]+))\s*;")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)


def style_errors(root: Path) -> list[str]:
    folder = root / "web" / "frontend" / "scss"
    sources = sorted(folder.rglob("*.scss"))
    if not sources:
        return [f"{folder.relative_to(root)}: no style sources found"]
    return [
        f"{source.relative_to(root)}:{line}: `{declaration}` is physical; use the logical property"
        for source in sources
        for line, declaration in physical_properties(source.read_text())
    ]


def physical_properties(scss: str) -> Iterator[tuple[int, str]]:
    without_comments = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), scss)
    for number, line in enumerate(without_comments.splitlines(), start=1):
        for pattern in (PHYSICAL_NAME, PHYSICAL_VALUE):
            yield from ((number, match[1]) for match in pattern.finditer(line))
        yield from ((number, match[1]) for match in FOUR_VALUES.finditer(line) if match[2] != match[3])
