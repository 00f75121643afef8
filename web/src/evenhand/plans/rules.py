"""Rules across the fields of a plan: where nodes may be, unique references, and coding that rests on quoted words."""

import re
from collections.abc import Iterator, Mapping

from evenhand.plans.document import MAX_QUOTE_LENGTH, MAX_TEXT_LENGTH
from evenhand.plans.parsing import FieldPath, ProblemCollector

MAX_NODES = 5_000
ALLOWED_PARENTS: dict[str, tuple[str, ...]] = {
    "vision": ("", "vision"),
    "process": ("", "process"),
    "objective": ("",),
    "priority": ("objective",),
}
PARENT_FIXES = {
    "vision": "Put it at the top level or under a vision node.",
    "process": "Put it at the top level or under a process node.",
    "objective": "Put it at the top level, under “nodes”.",
    "priority": "Put it under “children” of its objective.",
}
PROMISES = ("objective", "priority")
FIELDS_OF_PROMISES = (
    "role", "descriptor", "for_whom", "change", "measure", "baseline", "target", "by", "owner"
)  # fmt: skip

Fields = Mapping[str, object]


def check_rules(plan: Fields, collector: ProblemCollector) -> None:
    nodes = list(_walk(plan.get("nodes"), ("nodes",), ""))
    if len(nodes) > MAX_NODES:
        collector.add(("nodes",), f"there are more than {MAX_NODES:,} nodes", "Split the plan into several files.")
        return
    has_node_list = "nodes" in plan and isinstance(plan["nodes"], list | None)
    if has_node_list and not any(node.get("kind") == "objective" for _, node, _ in nodes):
        collector.add(("nodes",), "the plan has no objective", "Add a node with “kind: objective”.")
    ref_paths: dict[str, FieldPath] = {}
    clause_paths: dict[str, FieldPath] = {}
    for path, node, parent_kind in nodes:
        _check_kind(path, node, parent_kind, collector)
        _check_unique(node.get("ref"), (*path, "ref"), ref_paths, collector)
        for clause_path, clause in _entries(node, "clauses", path):
            _check_unique(clause.get("id"), (*clause_path, "id"), clause_paths, collector)
        _check_coding(path, node, collector)
        _check_quotes(path, node, collector)


def _walk(nodes: object, path: FieldPath, parent_kind: str) -> Iterator[tuple[FieldPath, Fields, str]]:
    if not isinstance(nodes, list):
        return
    for number, node in enumerate(nodes):
        if isinstance(node, Mapping):
            yield (*path, number), node, parent_kind
            kind = node.get("kind")
            yield from _walk(node.get("children"), (*path, number, "children"), kind if isinstance(kind, str) else "?")


def _check_kind(path: FieldPath, node: Fields, parent_kind: str, collector: ProblemCollector) -> None:
    kind = node.get("kind")
    if not isinstance(kind, str) or kind not in ALLOWED_PARENTS:
        return
    if parent_kind not in (*ALLOWED_PARENTS[kind], "?"):
        position = f"under {_with_article(parent_kind)}" if parent_kind else "at the top level"
        collector.add((*path, "kind"), f"{_with_article(kind)} cannot be {position}", PARENT_FIXES[kind])
    if kind not in PROMISES:
        for name in FIELDS_OF_PROMISES:
            if node.get(name) is not None:
                fix = "Move it to the objective or priority that it belongs to."
                collector.add_at_name((*path, name), f"{_with_article(kind)} cannot have “{name}”", fix)


def _check_unique(value: object, path: FieldPath, seen: dict[str, FieldPath], collector: ProblemCollector) -> None:
    if not isinstance(value, str):
        return
    if value in seen:
        first_line = collector.value_positions[seen[value]][0]
        description = f"“{value[:60]}” is used twice; first on line {first_line}"
        collector.add(path, description, "Use a different value. It must be unique in the plan.")
    else:
        seen[value] = path


def _check_coding(path: FieldPath, node: Fields, collector: ProblemCollector) -> None:
    """Check that the words of `for_whom` and `change` are quoted from the node."""
    if not isinstance(node.get("wording"), str):
        return  # the schema reports the missing wording
    texts = _own_texts(node, "wording", "descriptor")
    fix = "Copy them exactly as printed, or leave this out. The code must rest on the node's own words."
    change = node.get("change")
    coded = list(_entries(node, "for_whom", path))
    if isinstance(change, Mapping):
        coded.append(((*path, "change"), change))
    for entry_path, entry in coded:
        words = squash(entry.get("words"))[:MAX_QUOTE_LENGTH]
        if words and not any(contains_words(text, words) for text in texts):
            description = f"“{words[:80]}” is not in the wording or descriptor of this node"
            collector.add((*entry_path, "words"), description, fix)


def _check_quotes(path: FieldPath, node: Fields, collector: ProblemCollector) -> None:
    """Check that the clauses, except companions, are quoted from the node."""
    if not isinstance(node.get("wording"), str):
        return
    texts = _own_texts(node, "wording", "descriptor", "heading")
    for clause_path, clause in _entries(node, "clauses", path):
        if clause.get("companion") in ("true", True):
            continue
        for fragment in fragments(squash(clause.get("quote"))[:MAX_QUOTE_LENGTH]):
            if not any(contains_words(text, fragment) for text in texts):
                description = f"“{fragment[:80]}” is not in the heading, wording or descriptor of this node"
                fix = "Quote exactly what is printed, and use … for words left out."
                collector.add((*clause_path, "quote"), description, fix)


def _own_texts(node: Fields, *names: str) -> list[str]:
    return [squash(node.get(name))[:MAX_TEXT_LENGTH] for name in names]


def _entries(node: Fields, name: str, path: FieldPath) -> Iterator[tuple[FieldPath, Fields]]:
    entries = node.get(name)
    if isinstance(entries, list):
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield (*path, name, number), entry


def squash(text: object) -> str:
    """Replace all white space by single spaces."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def fragments(quote: str) -> list[str]:
    return [part.strip() for part in quote.split("…") if part.strip()]


def contains_words(text: str, words: str) -> bool:
    """Match whole words only: “engagement” does not contain “age”."""
    return words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"
