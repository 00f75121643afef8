"""What the fields of a plan say about each other: order, references, and that no coding is invented."""

import re
from collections.abc import Iterator, Mapping

from evenhand.plans.document import LONGEST_QUOTE, LONGEST_TEXT
from evenhand.plans.tree import Path, Places

MOST_NODES = 5_000
STANDS_IN: dict[str, tuple[str, ...]] = {
    "vision": ("", "vision"),
    "process": ("", "process"),
    "objective": ("",),
    "priority": ("objective",),
}
WHERE_IT_STANDS = {
    "vision": "A vision node stands at the top level or under a vision node.",
    "process": "A process node stands at the top level or under a process node.",
    "objective": "An objective stands at the top level, under “nodes”.",
    "priority": "A priority stands under “children” of its objective.",
}
PROMISES = ("objective", "priority")
ONLY_PROMISES = (
    "role", "descriptor", "for_whom", "change", "measure", "baseline", "target", "by", "owner"
)  # fmt: skip

Fields = Mapping[str, object]


def check_rules(plan: Fields, places: Places) -> None:
    nodes = list(_walk(plan.get("nodes"), ("nodes",), ""))
    if len(nodes) > MOST_NODES:
        places.report(("nodes",), f"more than {MOST_NODES:,} nodes", "Split the plan into several files.")
        return
    given = "nodes" in plan and isinstance(plan["nodes"], list | None)
    if given and not any(node.get("kind") == "objective" for _, node, _ in nodes):
        places.report(("nodes",), "the plan has no objective", "Add a node with “kind: objective”.")
    refs: dict[str, Path] = {}
    ids: dict[str, Path] = {}
    for path, node, parent_kind in nodes:
        _kind(path, node, parent_kind, places)
        _unique(node.get("ref"), (*path, "ref"), refs, places)
        for where, clause in _entries(node, "clauses", path):
            _unique(clause.get("id"), (*where, "id"), ids, places)
        _own_words(path, node, places)


def _walk(nodes: object, path: Path, parent_kind: str) -> Iterator[tuple[Path, Fields, str]]:
    if not isinstance(nodes, list):
        return
    for number, node in enumerate(nodes):
        if isinstance(node, Mapping):
            yield (*path, number), node, parent_kind
            kind = node.get("kind")
            yield from _walk(node.get("children"), (*path, number, "children"), kind if isinstance(kind, str) else "?")


def _kind(path: Path, node: Fields, parent_kind: str, places: Places) -> None:
    kind = node.get("kind")
    if not isinstance(kind, str) or kind not in STANDS_IN:
        return
    if parent_kind not in (*STANDS_IN[kind], "?"):
        above = f"under {_a(parent_kind)}" if parent_kind else "at the top level"
        places.report((*path, "kind"), f"{_a(kind)} cannot stand {above}", WHERE_IT_STANDS[kind])
    if kind not in PROMISES:
        for name in ONLY_PROMISES:
            if node.get(name) is not None:
                mend = "Move it to the objective or priority that it belongs to."
                places.report_name((*path, name), f"{_a(kind)} has no “{name}”", mend)


def _unique(value: object, path: Path, seen: dict[str, Path], places: Places) -> None:
    if not isinstance(value, str):
        return
    if value in seen:
        first = places.values[seen[value]][0]
        what = f"“{value[:60]}” is used twice; first on line {first}"
        places.report(path, what, "Give each its own within the plan.")
    else:
        seen[value] = path


def _own_words(path: Path, node: Fields, places: Places) -> None:
    if not isinstance(node.get("wording"), str):
        return  # missing, and said so by the schema
    own = [squash(node.get(name))[:LONGEST_TEXT] for name in ("wording", "descriptor")]
    mend = "Copy them exactly as printed, or leave this out; it rests on the node's own words alone."
    change = node.get("change")
    coded = list(_entries(node, "for_whom", path))
    if isinstance(change, Mapping):
        coded.append(((*path, "change"), change))
    for where, entry in coded:
        words = squash(entry.get("words"))[:LONGEST_QUOTE]
        if words and not any(stands_in(words, text) for text in own):
            what = f"“{words[:80]}” does not stand in the wording or descriptor of this node"
            places.report((*where, "words"), what, mend)
    own.append(squash(node.get("heading"))[:LONGEST_TEXT])
    for where, clause in _entries(node, "clauses", path):
        if clause.get("companion") in ("true", True):
            continue
        for fragment in fragments(squash(clause.get("quote"))[:LONGEST_QUOTE]):
            if not any(stands_in(fragment, text) for text in own):
                what = f"“{fragment[:80]}” does not stand in the heading, wording or descriptor of this node"
                quote_mend = "Quote exactly what is printed; use … for words left out."
                places.report((*where, "quote"), what, quote_mend)


def _entries(node: Fields, name: str, path: Path) -> Iterator[tuple[Path, Fields]]:
    entries = node.get(name)
    if isinstance(entries, list):
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield (*path, name, number), entry


def squash(text: object) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def fragments(quote: str) -> list[str]:
    return [part.strip() for part in quote.split("…") if part.strip()]


def stands_in(words: str, text: str) -> bool:
    """As whole words: “age” does not stand in “engagement”."""
    return words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"
