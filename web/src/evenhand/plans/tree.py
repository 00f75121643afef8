"""The file's text as plain values, each with its place; YAML expands, resolves and constructs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from evenhand.plans.document import Bare
from evenhand.plans.problems import Problem, place

MOST_VALUES = 50_000  # keys and values together; the two demonstration plans have about 1,500 between them
DEEPEST = 20

Path = tuple[str | int, ...]
Spot = tuple[int, int]

# What PyYAML says -> what a plan's author can do about it.
PLAIN_WORDS = (
    ("'\\t'", "a tab is used where spaces are needed", "Replace the tab with spaces."),
    (
        "mapping values are not allowed",
        "a colon stands where it cannot be read",
        "Put words that contain a colon and a space in quotation marks, or check the indentation above.",
    ),
    (
        "expected a single document",
        "a second document begins here",
        "Keep one plan in one file, and remove the line “---”.",
    ),
    (
        "unexpected end of stream",
        "the file ends inside a quotation or a list",
        "Close the quotation mark or bracket that was opened above.",
    ),
    (
        "could not find expected ':'",
        "a name without a colon, or a text that goes on without indentation",
        "Write “name: value”, and indent the lines of a long text below its name.",
    ),
    (
        "expected <block end>",
        "the indentation does not fit the lines above",
        "Begin names that belong together in the same column, and each entry of a list with “- ”.",
    ),
)
OTHERWISE = (
    "this cannot be read as YAML",
    "Compare this line and the one above with docs/examples/complete-plan.yaml.",
)


@dataclass
class Places:
    """Where each value and each name stands, by path."""

    values: dict[Path, Spot] = field(default_factory=dict)
    names: dict[Path, Spot] = field(default_factory=dict)
    found: list[tuple[Spot, Problem]] = field(default_factory=list)

    def report(self, path: Path, what: str, mend: str) -> None:
        """At the value, else at the nearest part of the file around it that exists."""
        nearest = path
        while nearest and nearest not in self.values:
            nearest = nearest[:-1]
        self.report_at(self.values.get(nearest, (1, 1)), path, what, mend)

    def report_name(self, path: Path, what: str, mend: str) -> None:
        self.report_at(self.names.get(path, (1, 1)), path, what, mend)

    def report_at(self, spot: Spot, path: Path, what: str, mend: str) -> None:
        self.found.append((spot, Problem(place(*spot), _shown(written(path)), _shown(what), mend)))

    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for _, problem in sorted(self.found, key=lambda entry: entry[0]))


def written(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _shown(words: str) -> str:
    """Without what a terminal could obey or an encoding refuse."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)


class Stop(Exception):
    """The rest of the file cannot, or must not, be read; what was found is in Places."""


class _Composer(yaml.BaseLoader):
    """Composes nodes but lets no alias, anchor or tag through, and gives up at a size no plan has."""

    def __init__(self, text: str, places: Places) -> None:
        super().__init__(text)
        self.places = places
        self.count = 0
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        spot = _spot(event.start_mark)
        self._limit(spot)
        if isinstance(event, yaml.AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            self._refuse(spot, f"“*{event.anchor}” is an alias", "Write the words out.")
            return yaml.ScalarNode("", "")
        if event.anchor is not None:
            self._refuse(spot, f"“&{event.anchor}” is an anchor", "Remove it; quote words that begin with &.")
            event.anchor = None
        if event.tag is not None:
            self._refuse(spot, f"“{event.tag}” is a tag", "Remove it; quote words that begin with !.")
            event.tag = None
        self.depth += 1
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node

    def _limit(self, spot: Spot) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            what = f"more than {MOST_VALUES:,} names and values"
            self._refuse(spot, what, "Split the plan into several files.")
            raise Stop
        if self.depth >= DEEPEST:
            self._refuse(spot, f"entries nested more than {DEEPEST} deep", "Check brackets and indentation.")
            raise Stop

    def _refuse(self, spot: Spot, what: str, mend: str) -> None:
        self.places.report_at(spot, (), what[:120], mend)


def grow(text: str, places: Places) -> object:
    """Mappings, lists and texts; a value without quotation marks is `Bare`, and nothing at all is None."""
    composer = _Composer(text, places)
    try:
        root = composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        spot = _spot(error.problem_mark or error.context_mark)
        said = f"{error.context} {error.problem}"
        what, mend = next((plain[1:] for plain in PLAIN_WORDS if plain[0] in said), OTHERWISE)
        places.report_at(spot, (), what, mend)
        raise Stop from None
    except (ValueError, OverflowError):  # PyYAML lets these out for an escape like "\UFFFFFFFF"
        places.report_at((composer.line + 1, composer.column + 1), (), *OTHERWISE)
        raise Stop from None
    return None if root is None else _plain(root, (), places)


def _plain(node: yaml.Node, path: Path, places: Places) -> object:
    places.values[path] = _spot(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, places)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(entry, (*path, number), places) for number, entry in enumerate(node.value)]
    if node.style is None:  # type: ignore[attr-defined]
        return None if node.value in {"", "~", "null"} else Bare(node.value)
    return str(node.value)


def _mapping(node: yaml.MappingNode, path: Path, places: Places) -> Mapping[str, object]:
    result: dict[str, object] = {}
    for name_node, value_node in node.value:
        spot = _spot(name_node.start_mark)
        if not isinstance(name_node, yaml.ScalarNode):
            what = "a list or an entry stands where a name belongs"
            places.report_at(spot, path, what, "Write “name: value”.")
            continue
        name = name_node.value
        here = (*path, name)
        if name in result:
            what = f"“{name[:60]}” is given twice; first on line {places.names[here][0]}"
            places.report_at(spot, here, what, "Keep one of the two.")
            continue
        places.names[here] = spot
        result[name] = _plain(value_node, here, places)
    return result


def _spot(mark: yaml.Mark | None) -> Spot:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
