"""The two demonstration plans compared with counts made by hand from the printed documents."""

import hashlib
from pathlib import Path

import pytest

import evenhand
from evenhand.plans.check import check_plan
from evenhand.plans.document import Node, PlanDocument
from evenhand.plans.reading import read_plan

PLANS = Path(evenhand.__file__).parent / "demonstration" / "plans"
LCRCA = "lcrca-equality-objectives.yaml"
LIVERPOOL = "liverpool-equality-objectives-2024-2028-draft.yaml"

# Coded by hand: node -> (who its own words are for, whether they name a change).
BY_HAND: dict[str, dict[str, tuple[str, bool]]] = {
    LCRCA: {
        "1": ("employees communities", True),
        "1.1": ("employees", False),
        "1.2": ("employees", True),
        "1.3": ("employees", True),
        "1.4": ("", True),
        "1.5": ("", False),
        "2": ("communities other_group", True),
        "2.1": ("", False),
        "2.2": ("communities", True),
        "2.3": ("", False),
        "2.4": ("", False),
        "3": ("place", True),
        "3.1": ("", False),
        "3.2": ("", False),
        "3.3": ("place", True),
        "3.4": ("", True),
        "3.5": ("other_group place", True),
    },
    LIVERPOOL: {
        "1": ("", True),
        "1.1": ("", True),
        "1.2": ("residents", True),
        "1.3": ("", False),
        "2": ("place", True),
        "2.1": ("", False),
        "2.2": ("", False),
        "2.3": ("", False),
        "2.4": ("", False),
        "3": ("communities", True),
        "3.1": ("", True),
        "3.2": ("", False),
        "3.3": ("place", True),
        "4": ("", False),
        "4.1": ("", False),
        "4.2": ("residents", True),
        "4.3": ("", False),
        "5": ("", False),
        "5.1": ("employees communities", True),
        "5.2": ("employees", True),
    },
}
# Added up on paper from the table above: (objectives, priorities).
SUMS_BY_HAND = {
    LCRCA: {"for_whom": (3, 6), "change": (3, 7), "specific": (3, 5)},
    LIVERPOOL: {"for_whom": (2, 5), "change": (3, 7), "specific": (2, 5)},
}
HEADLINES = {LCRCA: "3 objectives, 14 priorities", LIVERPOOL: "5 objectives, 15 priorities"}

# SHA-256 of the printed words only, joined by single spaces and computed from the documents as received:
# without the title, section words (“VISION”, “Descriptor”, ...), bullet marks and the web site's own links.
PRINTED_WORDS = {
    LCRCA: "5d866df14d4f39aa1c7c1d68cef1271ebc64933fe4e1153ad4a993d848c9bb9d",
    LIVERPOOL: "692f3c6fcdcc4a31dda9682f32591cce53e7dd7ee26a1d1bf65b9f073bd2d071",
}

CLAUSES = {
    LCRCA: {
        "V1": "A-V0a A-V0b A-V0c",
        "V2": "A-V0d A-V0e",
        "V3.1": "A-V1",
        "V3.2": "A-V2",
        "V3.3": "A-V3a A-V3b",
        "V3.4": "A-V4",
        "V3.5": "A-V5a A-V5b A-V5c",
        "V3.6": "A-V6",
        "V3.7": "A-V7",
        "V4": "A-V8a A-V8b",
        "1": "A-E0a A-E0b A-ED1 A-ED2 A-ED3a A-ED3b A-ED4",
        "1.1": "A-EP1",
        "1.2": "A-EP2",
        "1.3": "A-EP3a A-EP3b A-EP3c",
        "1.4": "A-EP4",
        "1.5": "A-EP5a A-EP5b A-EPx1 A-EPx2",
        "2": "A-C0a A-C0b A-C0c A-C0d A-CD1a A-CD1b A-CD1c A-CD1d A-CD2a A-CD2b A-CD3a A-CD3b A-CD3c",
        "2.1": "A-CP1",
        "2.2": "A-CP2a A-CP2b",
        "2.3": "A-CP3",
        "2.4": "A-CP4a A-CP4b",
        "3": "A-L0a A-L0b A-LD1 A-LD2 A-LD3a A-LD3b A-LD4",
        "3.1": "A-LP1a A-LP1b",
        "3.2": "A-LP2",
        "3.3": "A-LP3",
        "3.4": "A-LP4a A-LP4b",
        "3.5": "A-LP5a A-LP5b A-LP5c A-LP5d",
    },
    LIVERPOOL: {
        "P1": "B-I1a B-I1b",
        "P2": "B-I2",
        "P3": "B-I3",
        "P4": "B-I4",
        "P5": "B-I5 B-I8 B-I9",
        "1": "B-1",
        "1.1": "B-1a",
        "1.2": "B-1b1 B-1b2",
        "1.3": "B-1c",
        "2": "B-2",
        "2.1": "B-2a",
        "2.2": "B-2b1 B-2b2",
        "2.3": "B-2c",
        "2.4": "B-2d",
        "3": "B-3",
        "3.1": "B-3a1 B-3a2",
        "3.2": "B-3b",
        "3.3": "B-3c",
        "4.1": "B-4a",
        "4.2": "B-4b",
        "4.3": "B-4c",
        "5.1": "B-5a",
        "5.2": "B-5b1 B-5b2",
        "P7": "B-I6",
        "P8": "B-I7",
    },
}
COMPANIONS = {LCRCA: {"A-EPx1", "A-EPx2"}, LIVERPOOL: {"B-I8", "B-I9"}}

each_plan = pytest.mark.parametrize("name", [LCRCA, LIVERPOOL])


def plan(name: str) -> PlanDocument:
    return read_plan((PLANS / name).read_bytes(), name)


def promises(name: str) -> list[Node]:
    return [node for node, _ in plan(name).walk() if node.kind in {"objective", "priority"}]


@each_plan
def test_headline(name: str) -> None:
    assert check_plan(plan(name)).headline() == HEADLINES[name]


@each_plan
def test_groups_and_change_of_every_node_match_the_coding_by_hand(name: str) -> None:
    coded = {
        node.ref: (" ".join(group.code for group in node.for_whom), node.change is not None) for node in promises(name)
    }
    assert coded == BY_HAND[name]


@each_plan
def test_totals_match_the_sums_by_hand(name: str) -> None:
    check = check_plan(plan(name))
    for field, sums in SUMS_BY_HAND[name].items():
        total = check.total(field)
        assert (total.objectives, total.priorities) == sums, field


@each_plan
@pytest.mark.parametrize("field", ["measure", "baseline", "target", "by", "owner", "measurable"])
def test_none_has_a_measure_baseline_target_date_or_owner_of_its_own(name: str, field: str) -> None:
    total = check_plan(plan(name)).total(field)
    assert (total.objectives, total.priorities) == (0, 0)


@each_plan
def test_every_node_is_reported_with_what_is_missing(name: str) -> None:
    for node in check_plan(plan(name)).nodes:
        groups, change = BY_HAND[name][node.ref]
        expected = [field for field, is_given in (("for_whom", groups), ("change", change)) if not is_given]
        assert [missing.field for missing in node.missing] == [
            *expected,
            *("measure", "baseline", "target", "by", "owner"),
        ]
        assert node.specific is (bool(groups) and change)
        assert node.measurable is False


@each_plan
def test_wording_is_exactly_as_printed(name: str) -> None:
    texts = (text for node, _ in plan(name).walk() for text in (node.heading, node.wording, node.descriptor))
    words = " ".join(" ".join(texts).split())
    assert hashlib.sha256(words.encode()).hexdigest() == PRINTED_WORDS[name]


@each_plan
def test_each_clause_is_at_its_node(name: str) -> None:
    attached = {
        node.ref: " ".join(clause.id for clause in node.clauses) for node, _ in plan(name).walk() if node.clauses
    }
    assert attached == CLAUSES[name]


@each_plan
def test_companion_clauses_are_in_brackets(name: str) -> None:
    clauses = [clause for node, _ in plan(name).walk() for clause in node.clauses]
    assert {clause.id for clause in clauses if clause.companion} == COMPANIONS[name]
    assert all(clause.quote.startswith("(") == clause.companion for clause in clauses)
    assert all(clause.check for clause in clauses)


@each_plan
def test_each_quote_is_in_the_words_of_its_node(name: str) -> None:
    for node, _ in plan(name).walk():
        own = "\n".join((node.heading, node.wording, node.descriptor))
        for clause in node.clauses:
            if not clause.companion:
                assert all(fragment.strip() in own for fragment in clause.quote.split("…")), clause.id


def test_there_are_102_clauses_with_different_ids() -> None:
    ids = {name: [clause.id for node, _ in plan(name).walk() for clause in node.clauses] for name in (LCRCA, LIVERPOOL)}
    assert {name: len(clause_ids) for name, clause_ids in ids.items()} == {LCRCA: 70, LIVERPOOL: 32}
    assert len({*ids[LCRCA], *ids[LIVERPOOL]}) == 102


def test_the_vision_has_its_printed_structure() -> None:
    shape = [(node.ref, len(node.children)) for node in plan(LCRCA).nodes if node.kind == "vision"]
    assert shape == [("V1", 0), ("V2", 0), ("V3", 7), ("V4", 0)]


def test_each_plan_says_what_is_not_known_about_it() -> None:
    lcrca, liverpool = plan(LCRCA), plan(LIVERPOOL)
    assert (lcrca.status, lcrca.source.dated) == ("not_stated", "not dated in the document")
    assert liverpool.status == "draft_in_consultation"
    assert "third person" in liverpool.wording_note
    assert {lcrca.source.read_on.isoformat(), liverpool.source.read_on.isoformat()} == {"2026-11-22"}
