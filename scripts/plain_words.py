"""`make check` (words): the words that the project has retired, and each place where one is left.

Identifiers are read with `ast`. Text is what people read: templates, documents, and in Python the docstrings, comments
and strings. Exempt are migrations, quotations of others, stored keys (STORED) and the files in EXEMPT_FILES.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCES = ("web/src", "stats/src", "scripts", "benchmarks", "analyses", "web/tests", "stats/tests")
DOCUMENTS = ("*.md", "docs/**/*.md", "stats/*.md", "web/src/**/*.html", "web/src/**/*.txt", "web/src/**/*.md")

# An identifier must not be one of these words.
IDENTIFIERS = frozenset(
    [
        "each",
        "found",
        "held",
        "here",
        "there",
        "said",
        "sent",
        "told",
        "grave",
        "mend",
        "mends",
        "mended",
        "nought",
        "whoever",
        "whatever",
        "witness",
        "witnesses",
    ]
)
# Nor have one of these among its words, in snake_case or CamelCase.
WORDS_OF_IDENTIFIERS = frozenset(["storey", "storeys", "nursery", "lending", "mend", "mends", "whoever", "nought"])
# Nor have one of these runs of words in it.
RUNS_OF_IDENTIFIERS = (
    "taking_in", "take_in", "takes_in", "taken_in", "in_hand", "standing_in", "laid_out", "told_apart", "given_away",
    "note_look", "hide_to", "put_out", "let_in",
)  # fmt: skip
# In the code of disclosure control, words for which the field has a term.
DISCLOSURE_WORDS = {
    "hiding": "suppression",
    "unsafe": "primary",
    "programme": "LP or MILP",
    "programmes": "LPs or MILPs",
    "asking": "attacker LP, query",
    "witness": "feasible perturbation",
}
DISCLOSURE = "stats/src/evenstat/disclosure/"

# What a reader meets, upper or lower case.
PHRASES = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bwhoever\b": "the person who, anyone who",
    r"\bnought\b": "zero",
    r"\btold apart\b": "derivable by differencing, distinguished",
    r"\bgiven? away\b": "disclosed",
    r"\blaid out\b": "migrated, arranged",
    r"\bstorey(s)?\b": "layer",
    r"\bnursery\b": "fork server",
    r"\b(puts?|putting) (it |them |work )?in hand\b": "assign",
    r"\b(has|have|had|taken?) (it |them |anything |nothing |work )?in hand\b": "assigned to",
    r"\bstand(s|ing)? in for\b": "cover for",
    r"\b(take|takes|taking|taken|took) (it |them |a plan |figures |counts )in\b": "upload, import",
    r"\bno more\b(?! than\b)": "no longer",
    r"\bwhat there is to do\b": "your tasks",
    r"\bnothing waits for you\b": "you have no tasks",
    r"\bwhat changed lately\b": "recent activity",
    r"\bare held here\b": "we do not hold",
    r"\bwhat you could check of\b": "how to check",
    r"\basks that objectives\b": "requires objectives to",
    r"\bmore than chance makes\b": "larger than chance alone would explain",
    r"\bgap in heads\b": "difference in headcount",
    r"\bnobody signs up here\b": "you need an invitation",
    r"\btell capitals apart\b": "case-sensitive",
    r"\bthere is no such page\b": "page not found",
    r"\breport a weakness\b": "report a vulnerability",
    r"\brooms? (of|above|below) (the|it)\b": "module, app",
    r"\b(the|a|of) (order of the )?house\b(?! of (commons|lords))": "project, architecture",
    r"\bfor good\b": "permanently",
    r"\bgoes without saying\b": "(leave it out)",
    r"\bat one's elbow\b": "(leave it out)",
}
EXEMPT_FILES = frozenset(
    {
        "scripts/plain_words.py",
        "scripts/tests/test_plain_words.py",
        "CHANGELOG.md",  # says what was renamed
    }
)
# Stored in the database or in its migrations, or part of a format that others read: these stay as they are.
STORED = frozenset(
    {
        ("web/src/evenhand/notifications/enums.py", "SENT"),  # the state of a message
        ("web/src/evenhand/operations/doctor/results.py", "mend"),  # a key of `doctor --json`
        ("web/tests/integration/test_publishing.py", "for good"),  # messages of triggers
        ("web/tests/integration/test_publishing.py", "no more"),
        ("web/tests/unit/test_words.py", "are held here"),  # what 0.2.0 stored in its tables
    }
)
LIST = "The retired words, and what to write instead, are listed in scripts/plain_words.py."
QUOTED = re.compile(r"^\s*>|“[^”]*”|`[^`]*`")


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    text: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.text}” is a retired word: write {self.instead}"


def word_errors(root: Path) -> list[str]:
    """A line for each retired word that is left, and where the list of them is."""
    lines = [str(finding) for finding in findings(root)]
    return [*lines, LIST] if lines else []


def findings(root: Path) -> Iterator[Finding]:
    for finding in _all_findings(root):
        if (finding.file, finding.text) not in STORED:
            yield finding


def _all_findings(root: Path) -> Iterator[Finding]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts and _name(root, path) not in EXEMPT_FILES:
                yield from in_python(_name(root, path), path.read_text(encoding="utf-8"))
    for pattern in DOCUMENTS:
        for path in sorted(root.glob(pattern)):
            if not {".venv", "node_modules", ".build"} & set(path.parts) and _name(root, path) not in EXEMPT_FILES:
                yield from in_text(_name(root, path), path.read_text(encoding="utf-8"))


def in_python(file: str, source: str) -> Iterator[Finding]:
    disclosure = DISCLOSURE_WORDS if file.startswith(DISCLOSURE) else {}
    for name, line in sorted(_identifiers(ast.parse(source)), key=lambda pair: pair[1]):
        words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]
        run = "_".join(words)
        if name.strip("_").lower() in IDENTIFIERS or WORDS_OF_IDENTIFIERS & set(words):
            yield Finding(file, line, name, "the name of the thing")
        elif any(f"_{retired}_" in f"_{run}_" for retired in RUNS_OF_IDENTIFIERS):
            yield Finding(file, line, name, "the standard term (GLOSSARY.md)")
        elif standard := next((disclosure[word] for word in words if word in disclosure), ""):
            yield Finding(file, line, name, standard)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield from in_text(file, token.string, token.start[0])


def in_text(file: str, text: str, first_line: int = 1) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), first_line):
        unquoted = QUOTED.sub(" ", line) if not line.lstrip().startswith(">") else ""
        for pattern, instead in PHRASES.items():
            for match in re.finditer(pattern, unquoted, re.IGNORECASE):
                yield Finding(file, number, match[0], instead)


def _identifiers(tree: ast.Module) -> set[tuple[str, int]]:
    names: set[tuple[str, int]] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add((node.name, node.lineno))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add((node.id, node.lineno))
        elif isinstance(node, ast.arg):
            names.add((node.arg, node.lineno))
        elif isinstance(node, ast.alias) and node.asname:
            names.add((node.asname, node.lineno))
    return names


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
