"""The states of a record as data: from which state to which, by whom, and what must be said or be in order."""

from collections import deque
from dataclasses import dataclass

from evenhand.modules import Permission
from evenhand.modules.declarations import Text


@dataclass(frozen=True)
class State:
    name: str
    label: Text
    is_final: bool = False  # nothing leads out of it, on purpose


@dataclass(frozen=True)
class Transition:
    """A step that staff can take. `label` is on the button, `done` says afterwards what was done."""

    name: str
    sources: tuple[str, ...]
    target: str
    permission: Permission
    label: Text
    done: Text
    needs_reason: bool = False
    is_destructive: bool = False  # asks for confirmation on a page of its own, with a warning


class StatesFault(ValueError):
    """The states of a register cannot be right: the message says which."""


@dataclass(frozen=True)
class States:
    """The first state is that of a new record."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...] = ()

    def __post_init__(self) -> None:
        names = [state.name for state in self.states]
        steps = [step.name for step in self.transitions]
        if not names or len(set(names)) < len(names) or len(set(steps)) < len(steps):
            raise StatesFault("The states and the transitions each need a name of their own.")
        for step in self.transitions:
            if unknown := {*step.sources, step.target} - set(names):
                raise StatesFault(f"The transition {step.name} names states that do not exist: {sorted(unknown)}.")
            if final := [name for name in step.sources if self[name].is_final]:
                raise StatesFault(f"The transition {step.name} leads out of {final}, which are final.")
        for state in self.states:
            if not state.is_final and not self.out_of(state.name):
                raise StatesFault(f"Nothing leads out of {state.name}. If that is meant, it is final.")
        if unreached := set(names) - self._reached():
            raise StatesFault(f"No record can reach {sorted(unreached)}.")

    def __getitem__(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    @property
    def first(self) -> str:
        return self.states[0].name

    @property
    def choices(self) -> list[tuple[str, Text]]:
        return [(state.name, state.label) for state in self.states]

    def out_of(self, state: str) -> list[Transition]:
        return [step for step in self.transitions if state in step.sources]

    def transition(self, name: str) -> Transition | None:
        return next((step for step in self.transitions if step.name == name), None)

    def path(self, source: str, target: str) -> list[Transition] | None:
        """The fewest steps from one state to another; None if there is no way."""
        ways: dict[str, list[Transition]] = {source: []}
        to_visit = deque([source])
        while to_visit:
            state = to_visit.popleft()
            for step in self.out_of(state):
                if step.target not in ways:
                    ways[step.target] = [*ways[state], step]
                    to_visit.append(step.target)
        return ways.get(target)

    def diagram(self) -> str:
        """The states as a Mermaid diagram, for the documents."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.first}"]
        lines += [
            f"    {source} --> {step.target}: {step.label}" for step in self.transitions for source in step.sources
        ]
        lines += [f"    {state.name} --> [*]" for state in self.states if state.is_final]
        return "\n".join(lines)

    def _reached(self) -> set[str]:
        reached, to_visit = {self.first}, deque([self.first])
        while to_visit:
            for step in self.out_of(to_visit.popleft()):
                if step.target not in reached:
                    reached.add(step.target)
                    to_visit.append(step.target)
        return reached
