"""Our own style sources use logical properties only, so that a page reads right in both directions."""

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


def style_faults(root: Path) -> list[str]:
    folder = root / "web" / "frontend" / "scss"
    sources = sorted(folder.rglob("*.scss"))
    if not sources:
        return [f"{folder.relative_to(root)}: no style sources found"]
    return [
        f"{source.relative_to(root)}:{line}: `{found}` is physical; use the logical property"
        for source in sources
        for line, found in physical_properties(source.read_text())
    ]


def physical_properties(scss: str) -> Iterator[tuple[int, str]]:
    bare = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), scss)
    for number, line in enumerate(bare.splitlines(), start=1):
        for pattern in (PHYSICAL_NAME, PHYSICAL_VALUE):
            yield from ((number, found[1]) for found in pattern.finditer(line))
        yield from ((number, found[1]) for found in FOUR_VALUES.finditer(line) if found[2] != found[3])
