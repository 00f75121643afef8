"""Published tables of every stored format are read, shown and written again as they were published."""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evenhand.records.files import fingerprint
from evenhand.releases.audits import describe_method
from evenhand.releases.comparisons import ComparisonReason, ComparisonSide, OwnReasonCode, Population, SideInWords
from evenhand.releases.csv_file import csv_of
from evenhand.releases.enums import AnswerGroup
from evenhand.releases.tables import (
    PublishedRow,
    PublishedTable,
    ResidentsComparison,
    ShownFigures,
    UnknownTableFormat,
    ValueRange,
    WithheldFigures,
)
from evenstat.disclosure.single_tables import AuditMethod
from evenstat.estimates import Finding, Shorthand
from evenstat.measures import ComparabilityAnswer, NonResponse, ReasonCode

DUMPS = Path(__file__).parents[1] / "dumps"
STORED_IN_WORDS = ("0.1.0", "0.2.0")

SENTENCES = {
    ComparisonReason(ReasonCode.DECLARED, (("text", "Ours is wider."),)): "Ours is wider.",
    ComparisonReason(ReasonCode.YEARS_APART, (("benchmark", 2021), ("workforce", 2026))): (
        "The staff figures are for 2026 and the residents' figures are for 2021. "
        "The population may have changed since then."
    ),
    ComparisonReason(ReasonCode.NON_RESPONSE_DIFFERS, (("benchmark", "estimated"), ("workforce", "left_out"))): (
        "People who did not answer are treated differently in the two sources: "
        "left out of the base for staff, estimated by the Census for residents."
    ),
    ComparisonReason(OwnReasonCode.NO_CENSUS): "We do not hold any Census figures for this area.",
    ComparisonReason(OwnReasonCode.NO_RESIDENTS): "We do not hold a figure for residents in this group.",
    ComparisonReason(OwnReasonCode.INCOMPLETE): (
        "The source gives no figure for some groups; if any staff belong to them, the other shares are too high."
    ),
}
SIDES = (
    ComparisonSide(Population.STAFF, "", None, None, 2026, NonResponse.LEFT_OUT, None),
    ComparisonSide(Population.RESIDENTS, "Leeds", 16, None, 2021, NonResponse.LEFT_OUT, 0.0523),
    ComparisonSide(Population.RESIDENTS, "Leeds", 16, 64, 2021, NonResponse.ESTIMATED, None),
)


def table(*reasons: ComparisonReason) -> PublishedTable:
    comparison = ResidentsComparison(ComparabilityAnswer.NOT_COMPARABLE, reasons, Finding.NOT_COMPARABLE)
    shown = ShownFigures(50, ValueRange(0.5, 0.4, 0.6), comparison)
    rows = (
        PublishedRow("a", "A", AnswerGroup.ANSWERED, shown),
        PublishedRow("b", "B", AnswerGroup.ANSWERED, WithheldFigures(Shorthand.CONFIDENTIAL)),
    )
    return PublishedTable("sex", "Sex", "2026", "council_lt10", 100, 100, 0, "Leeds", SIDES, rows)


def test_a_table_is_restored_unchanged_from_its_stored_form() -> None:
    whole = table(*SENTENCES)
    stored = json.loads(json.dumps(whole.to_json()))
    assert PublishedTable.from_json(stored) == whole
    assert PublishedTable.from_json(stored).to_json() == whole.to_json()


def test_reasons_and_sides_are_stored_as_codes_and_written_as_sentences_when_shown() -> None:
    assert {reason: str(reason) for reason in SENTENCES} == SENTENCES
    stored = json.dumps(table(*SENTENCES).to_json())
    assert not [text for text in (*list(SENTENCES.values())[1:], "Residents of", "and over") if text in stored]
    assert table().sides_in_words == (
        SideInWords("Staff", "employees of any age", "2026", "left out of every share"),
        SideInWords("Residents of Leeds", "16 and over", "2021", "left out of every share (5.2% of residents)"),
        SideInWords("Residents of Leeds", "16 to 64", "2021", "estimated by the Census"),
    )


def test_a_table_of_a_later_version_is_refused() -> None:
    stored = table(*SENTENCES).to_json()
    with pytest.raises(UnknownTableFormat, match="not 3"):
        PublishedTable.from_json({**stored, "format": 3})
    stored["rows"][0]["figures"]["comparison"]["reasons"] = [{"code": "later", "values": {}}]
    with pytest.raises(UnknownTableFormat, match="“later”"):
        PublishedTable.from_json(stored)


@pytest.mark.parametrize("version", STORED_IN_WORDS)
def test_tables_stored_in_words_are_read_and_written_unchanged(version: str) -> None:
    contents = [json.loads(content) for _release, content in stored_tables(version)]
    assert len(contents) > 60
    for content in contents:
        read = PublishedTable.from_json(content)
        assert json.loads(json.dumps(read.to_json())) == content
        assert [vars(side) for side in read.sides_in_words] == content["sides"]
        for row, stored in zip(read.rows, content["rows"], strict=True):
            if row.shown and row.shown.comparison:
                sentences = [str(reason) for reason in row.shown.comparison.reasons]
                assert sentences == stored["figures"]["comparison"]["reasons"]


@pytest.mark.parametrize("version", STORED_IN_WORDS)
def test_the_csv_file_of_a_publication_stored_in_words_is_the_same_to_the_byte(version: str) -> None:
    published = query(
        version,
        "SELECT r.id, a.name, r.csv_sha256 FROM releases_release r JOIN authorities_authority a ON a.id = "
        "r.authority_id WHERE r.state = 'published'",
    )
    assert published
    for release_id, name, digest in published:
        tables = [PublishedTable.from_json(json.loads(text)) for of, text in stored_tables(version) if of == release_id]
        release: Any = SimpleNamespace(authority=SimpleNamespace(name=name))
        assert fingerprint(csv_of(release, tables)) == digest


def test_the_method_of_a_check_is_stored_as_a_code_and_shown_in_words() -> None:
    assert describe_method(AuditMethod.BOUNDS_OF_ONE_TABLE.value).startswith("Smallest and largest whole number")
    assert describe_method("Words of an earlier version.") == "Words of an earlier version."


def stored_tables(version: str) -> list[tuple[str, str]]:
    return query(
        version,
        "SELECT release_id, content FROM releases_releasetable WHERE content IS NOT NULL ORDER BY release_id, position",
    )


def query(version: str, sql: str) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(gzip.decompress((DUMPS / version / "sqlite.sql.gz").read_bytes()).decode())
        return database.execute(sql).fetchall()
