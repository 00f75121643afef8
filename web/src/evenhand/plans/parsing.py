"""Parse YAML into plain values with their line and column, without aliases, tags or type conversion."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from evenhand.plans.document import UnquotedText
from evenhand.plans.problems import PlanProblem, line_and_column

MAX_VALUES = 50_000  # keys and values together; the two demonstration plans have about 1,500 between them
MAX_DEPTH = 20

FieldPath = tuple[str | int, ...]
Position = tuple[int, int]  # line and column, counted from 1

# Part of a PyYAML message, the description of the problem, and how to fix it.
YAML_PROBLEMS = (
    ("'\\t'", "a tab is used where spaces are needed", "Replace the tab with spaces."),
    (
        "mapping values are not allowed",
        "there is a colon in the wrong place",
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
        "there is a name without a colon, or a text that continues without indentation",
        "Write “name: value”, and indent the lines of a long text below its name.",
    ),
    (
        "expected <block end>",
        "the indentation does not match the lines above",
        "Start names that belong together in the same column, and start each list entry with “- ”.",
    ),
)
OTHER_YAML_PROBLEM = (
    "this cannot be read as YAML",
    "Compare this line and the line above with an example of a plan file.",
)


@dataclass
class ProblemCollector:
    """The position of each value and each name by path, and the problems found so far."""

    value_positions: dict[FieldPath, Position] = field(default_factory=dict)
    name_positions: dict[FieldPath, Position] = field(default_factory=dict)
    collected: list[tuple[Position, PlanProblem]] = field(default_factory=list)

    def add(self, path: FieldPath, description: str, fix: str) -> None:
        """Add a problem at the value, or at the nearest enclosing value that exists."""
        nearest = path
        while nearest and nearest not in self.value_positions:
            nearest = nearest[:-1]
        self.add_at(self.value_positions.get(nearest, (1, 1)), path, description, fix)

    def add_at_name(self, path: FieldPath, description: str, fix: str) -> None:
        self.add_at(self.name_positions.get(path, (1, 1)), path, description, fix)

    def add_at(self, position: Position, path: FieldPath, description: str, fix: str) -> None:
        location = line_and_column(*position)
        problem = PlanProblem(location, _printable(path_text(path)), _printable(description), fix, position[0])
        self.collected.append((position, problem))

    def problems(self) -> tuple[PlanProblem, ...]:
        """Return the problems in the order of the file."""
        return tuple(problem for _, problem in sorted(self.collected, key=lambda entry: entry[0]))


def path_text(path: FieldPath) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _printable(text: str) -> str:
    """Replace characters that a terminal could interpret or an encoding could refuse."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


class ParsingStopped(Exception):
    """The rest of the file cannot be read safely. The problems are in the collector."""


class _Composer(yaml.BaseLoader):
    """Compose nodes, report every alias, anchor and tag as a problem, and stop at the limits of size and depth."""

    def __init__(self, text: str, collector: ProblemCollector) -> None:
        super().__init__(text)
        self.collector = collector
        self.count = 0
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        position = _position(event.start_mark)
        self._check_limits(position)
        if isinstance(event, yaml.AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            self._report(position, f"“*{event.anchor}” is an alias", "Write the text out in full.")
            return yaml.ScalarNode("", "")
        if event.anchor is not None:
            self._report(
                position,
                f"“&{event.anchor}” is an anchor",
                "Remove it. Put text that begins with & in quotation marks.",
            )
            event.anchor = None
        if event.tag is not None:
            self._report(
                position, f"“{event.tag}” is a tag", "Remove it. Put text that begins with ! in quotation marks."
            )
            event.tag = None
        self.depth += 1
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node

    def _check_limits(self, position: Position) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            description = f"there are more than {MAX_VALUES:,} names and values"
            self._report(position, description, "Split the plan into several files.")
            raise ParsingStopped
        if self.depth >= MAX_DEPTH:
            description = f"entries are nested more than {MAX_DEPTH} levels deep"
            self._report(position, description, "Check the brackets and the indentation.")
            raise ParsingStopped

    def _report(self, position: Position, description: str, fix: str) -> None:
        self.collector.add_at(position, (), description[:120], fix)


def parse(text: str, collector: ProblemCollector) -> object:
    """Return mappings, lists and strings. A value without quotation marks is `UnquotedText`, an empty one is None.

    Raises ParsingStopped if the file cannot be read to its end.
    """
    composer = _Composer(text, collector)
    try:
        root = composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        position = _position(error.problem_mark or error.context_mark)
        message = f"{error.context} {error.problem}"
        description, fix = next(
            ((text, fix) for part, text, fix in YAML_PROBLEMS if part in message), OTHER_YAML_PROBLEM
        )
        collector.add_at(position, (), description, fix)
        raise ParsingStopped from None
    except (ValueError, OverflowError):  # PyYAML raises these for an escape like "\UFFFFFFFF"
        collector.add_at((composer.line + 1, composer.column + 1), (), *OTHER_YAML_PROBLEM)
        raise ParsingStopped from None
    return None if root is None else _plain_value(root, (), collector)


def _plain_value(node: yaml.Node, path: FieldPath, collector: ProblemCollector) -> object:
    collector.value_positions[path] = _position(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, collector)
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(entry, (*path, number), collector) for number, entry in enumerate(node.value)]
    if node.style is None:  # type: ignore[attr-defined]
        return None if node.value in {"", "~", "null"} else UnquotedText(node.value)
    return str(node.value)


def _mapping(node: yaml.MappingNode, path: FieldPath, collector: ProblemCollector) -> Mapping[str, object]:
    result: dict[str, object] = {}
    for name_node, value_node in node.value:
        position = _position(name_node.start_mark)
        if not isinstance(name_node, yaml.ScalarNode):
            collector.add_at(
                position, path, "there is a list or an entry where a name should be", "Write “name: value”."
            )
            continue
        name = name_node.value
        value_path = (*path, name)
        if name in result:
            first_line = collector.name_positions[value_path][0]
            description = f"“{name[:60]}” is given twice; first on line {first_line}"
            collector.add_at(position, value_path, description, "Keep one of the two.")
            continue
        collector.name_positions[value_path] = position
        result[name] = _plain_value(value_node, value_path, collector)
    return result


def _position(mark: yaml.Mark | None) -> Position:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
