"""For any bytes, read_plan returns a plan or raises PlanFileError with the problems."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evenhand.plans.check import check_plan
from evenhand.plans.problems import PlanFileError
from evenhand.plans.reading import read_plan
from evenhand.plans.text_report import render_check
from support.examples import examples

EXAMPLE = (Path(__file__).parents[4] / "docs" / "examples" / "complete-plan.yaml").read_text(encoding="utf-8")
PIECES = (
    *("format", "nodes", "kind", "objective", "ref", "wording", "children", "measure", "evenhand-plan/1"),
    *(": ", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "? ", "| ", ">-", '"', "'"),
    *("#", "---\n", "...\n", "%YAML 9\n", "\\U", "\\x0", "\u2028", "\x85", "é", "~", "<<", "2028-03-31", "12"),
)


def read_or_refuse(data: bytes) -> None:
    try:
        plan = read_plan(data, "plan.yaml")
    except PlanFileError as error:
        assert_complete(error)
    else:
        assert render_check(check_plan(plan)).encode()


def assert_complete(error: PlanFileError) -> None:
    assert error.problems
    assert all(problem.location.startswith(("line ", "the whole file")) for problem in error.problems)
    assert all(problem.description and problem.fix for problem in error.problems)
    assert str(error).encode()


@examples(200)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(data)


@examples(200)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"))


@examples(200)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_sequence_of_yaml_pieces(pieces: list[str]) -> None:
    read_or_refuse("".join(pieces).encode())


@examples(200)
@given(
    st.integers(0, len(EXAMPLE)),
    st.integers(0, 40),
    st.one_of(st.sampled_from(PIECES), st.text(max_size=5)),
)
def test_the_example_with_any_part_replaced(start: int, length: int, piece: str) -> None:
    read_or_refuse((EXAMPLE[:start] + piece + EXAMPLE[start + length :]).encode("utf-8", "surrogatepass"))
