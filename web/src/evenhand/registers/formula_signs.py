"""Text that a spreadsheet would take for a formula, in CSV files that we write and read."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # what a spreadsheet takes as “this is text”


def escaped(text: str) -> str:
    """Text that a spreadsheet takes as text: “+2 points” gets a quote before it, which `unescaped` takes away."""
    return QUOTE + text if text.startswith((*FORMULA_SIGNS, *(QUOTE + sign for sign in FORMULA_SIGNS))) else text


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    quoted = text.removeprefix(QUOTE)
    return quoted if quoted != text and escaped(quoted) == text else text
