"""Every publication goes through the engine for linked tables and carries its certificate."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from evenhand import gates
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.queries import snapshots, table_for_check
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.releases import actions, linked, requirements
from evenhand.releases.audits import digest
from evenhand.releases.certificates import Certificate, UnknownCertificate, content_digest, try_year
from evenhand.releases.engine import Out, protect_year, true_tables
from evenhand.releases.enums import Why
from evenhand.releases.figures import publishable
from evenhand.releases.models import Release
from evenhand.releases.queries import certificate_of, together
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Attacker, audit, policy
from evenstat.disclosure.one_way import Cell, CountTable

HIDDEN_BY_0_1_0 = json.loads((Path(__file__).parents[1] / "reference" / "hidden_by_0_1_0.json").read_text())
PUBLIC = "/authorities/calderdale-council/publications/workforce-2019-to-2026/"
COUNTS = (
    b"published,organisation,employees,ethnicity_white,ethnicity_mixed,ethnicity_asian,ethnicity_black,ethnicity_other\n"
    b"2031,Calderdale Council,300,240,30,20,6,4\n"
)


def hidden_of(table: PublishedTable) -> set[str]:
    return {code for code, count in linked.printed(table).items() if count is None}


@pytest.fixture
def begin(calderdale: Authority, by: User) -> Callable[..., Release]:
    """Begins a publication of figures of which nothing is out yet, and takes it some steps on."""
    import_workforce(COUNTS, by=by, name="counts.csv")

    def make(slug: str, *steps: str, policy_id: str = "council_lt10") -> Release:
        held = list(snapshots(calderdale, years=[2031]))
        release = actions.draft(calderdale, by=by, slug=slug, title=slug, policy_id=policy_id, snapshots=held)
        for step in steps:
            getattr(actions, step)(release, by=by)
        return release

    return make


@pytest.mark.parametrize("name", HIDDEN_BY_0_1_0["publications"])
def test_nothing_that_the_first_version_hid_is_shown(db, name: str) -> None:
    body, _, slug = name.partition("/")
    release = Release.objects.get(authority__slug=body, slug=slug)
    for stored in release.tables.select_related("snapshot"):
        before = HIDDEN_BY_0_1_0["publications"][name].get(f"{stored.snapshot.period} {stored.characteristic}", [])
        assert set(before) <= hidden_of(stored.published), stored


def test_every_publication_of_the_demonstration_carries_a_certificate_of_what_it_shows(db) -> None:
    out = Release.objects.filter(state="published")
    assert out.count() == 2
    for release in out:
        given = certificate_of(release)
        assert given is not None
        assert given.passed
        assert given.policy == release.policy
        assert given.content_sha256 == content_digest(table.content for table in release.tables.all())
        assert [each.period for each in given.years] == sorted({t.snapshot.period for t in release.tables.all()})
        assert given.solver.startswith("HiGHS ")


def test_what_it_says_follows_from_what_is_printed_alone(db) -> None:
    """Of readers who are in a hidden row themselves it says no more than that they work nothing out."""
    release = Release.objects.get(slug="workforce-2019-to-2026")
    given = certificate_of(release)
    for held, year in zip(together(release), given.years, strict=True):
        tables = [each.published for each in held.tables]
        shape = linked.shape_of(linked.dimension(linked.published_rows(each)) for each in tables)
        seen = linked.publication(shape, tables)
        assert year.hidden == int(seen.hidden.sum())
        for tried in year.readers:
            if tried.attacker == Attacker.C:
                assert (tried.exact, tried.narrowest) == (0, None)
                continue
            found = audit(seen, Attacker(tried.attacker))
            assert tried.exact == len(found.exact) == 0
            widths = (found.high - found.low).tolist()
            assert (tried.narrowest is None) == (not widths)
            if tried.narrowest:
                assert tried.narrowest.high - tried.narrowest.low == min(widths)


def test_a_reader_who_is_alone_in_a_hidden_row_is_tried(calderdale: Authority, by: User) -> None:
    """1 and 5 are hidden under a shown 6: the one person knows the other row to be 5."""
    counts = CountTable("2031 sex", (Cell("female", 90), Cell("male", 1), Cell("other", 5)), ())
    table = PublishedTable.from_json(table_with(["male", "other"], answered=96, rows={"female": 90}))
    found = try_year("2031", "x", [table], true_tables({"sex": counts}))
    assert [(each.attacker, each.exact) for each in found.readers] == [("A", 0), ("B", 0), ("C", 1)]
    assert not found.passed


def table_with(hidden: list[str], *, answered: int, rows: dict[str, int]) -> dict[str, object]:
    def row(code: str, figures: dict[str, object]) -> dict[str, object]:
        return {"code": code, "label": code, "group": "answered", "figures": figures}

    shown = [row(code, {"count": count, "share": None, "comparison": None}) for code, count in rows.items()]
    return {
        "format": 1,
        "characteristic": "sex",
        "name": "Sex",
        "period": "2031",
        "policy": "council_lt10",
        "total": answered,
        "answered": answered,
        "not_known": 0,
        "benchmark_area": "",
        "sides": [],
        "rows": [*shown, *(row(code, {"mark": "c"}) for code in hidden)],
    }


def test_it_is_given_frozen_and_in_the_record(begin: Callable[..., Release], by: User) -> None:
    release = begin("one", "protect")
    assert release.certificate is None
    actions.check(release, by=by)
    given = release.certificate
    assert given["passed"]
    checked, *_ = Entry.objects.filter(subject_id=release.id, action="releases.check")
    assert checked.payload.content["after"]["certificate"] == digest(given)
    for step in (actions.approve, actions.publish):
        step(release, by=by)
    published, *_ = Entry.objects.filter(subject_id=release.id, action="releases.publish")
    assert published.payload.content["after"]["certificate"] == digest(given)
    with pytest.raises(Exception, match="cannot be changed"):
        Release.objects.filter(id=release.id).update(certificate=None)


def test_reopening_takes_it_away(begin: Callable[..., Release], by: User) -> None:
    release = begin("one", "protect", "check")
    actions.reopen(release, by=by, reason="again")
    assert (release.certificate, release.comparison) == (None, None)
    assert {table.reasons for table in release.tables.all()} == {None}


def altered(given: dict[str, object], **changes: object) -> dict[str, object]:
    return {**copy.deepcopy(given), **changes}


def failed(given: dict[str, object]) -> dict[str, object]:
    spoilt = copy.deepcopy(given)
    spoilt["years"][0]["readers"][2]["exact"] = 1
    return spoilt


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda given: None, "no certificate"),
        (lambda given: altered(given, content_sha256="0" * 64), "not of its tables"),
        (lambda given: altered(given, years=[]), "not of its tables"),
        (failed, "not of its tables"),
    ],
    ids=["none", "of other tables", "of no year", "not passed"],
)
@pytest.mark.parametrize("step", ["approve", "publish"])
def test_nothing_goes_on_without_one_that_passed(
    begin: Callable[..., Release], by: User, step: str, spoil: Callable[[dict], object], why: str
) -> None:
    release = begin("one", "protect", "check", *(["approve"] if step == "publish" else []))
    Release.objects.filter(id=release.id).update(certificate=spoil(release.certificate))
    with pytest.raises(GateClosed, match=why) as closed:
        getattr(actions, step)(Release.objects.get(id=release.id), by=by)
    assert [each.requirement for each in closed.value.missing] == [requirements.CERTIFICATE]


def test_a_certificate_of_a_later_version_is_not_read_as_this_one(begin: Callable[..., Release]) -> None:
    release = begin("one", "protect", "check")
    with pytest.raises(UnknownCertificate, match="format 1, not 2"):
        Certificate.from_json({**release.certificate, "format": 2})


def test_it_is_of_no_use_once_more_of_the_same_people_is_out(begin: Callable[..., Release], by: User) -> None:
    first, second = (begin(slug, "protect", "check", "approve") for slug in ("first", "second"))
    actions.publish(first, by=by)
    with pytest.raises(GateClosed) as closed:
        actions.publish(second, by=by)
    missing = {each.requirement: each.what for each in closed.value.missing}
    assert "went out after it was checked, in “first”" in missing[requirements.CERTIFICATE]
    actions.reopen(second, by=by, reason="again")
    for step in (actions.protect, actions.check):
        step(second, by=by)
    assert [each.title for each in certificate_of(second).beside] == ["first"]
    assert requirements.CERTIFICATE not in {each.requirement for each in gates.missing(requirements.APPROVE, second)}


def test_what_is_out_hidden_stays_hidden_and_what_is_out_stays_shown(begin: Callable[..., Release], by: User) -> None:
    begin("under-ten", "protect", "check", "approve", "publish")
    under_five = begin("under-five", "protect", policy_id="council_lt5")
    table = under_five.tables.get(characteristic="ethnicity")
    assert hidden_of(table.published) == {"black", "other"}
    assert table.reasons == {"black": Why.OUT, "other": Why.OUT}
    actions.check(under_five, by=by)


def test_tables_that_are_safe_apart_and_not_together_fail(begin: Callable[..., Release], by: User) -> None:
    """What is out hides 6 and 4. Hiding 20 and 4 gives the 6 away, and with it the 4."""
    begin("under-ten", "protect", "check", "approve", "publish")
    second = begin("under-five", "protect", policy_id="council_lt5")
    table = second.tables.get(characteristic="ethnicity")
    rows = {row["code"]: row for row in table.content["rows"]}
    rows["asian"]["figures"], rows["black"]["figures"] = {"mark": "c"}, rows["asian"]["figures"] | {"count": 6}
    table.save()
    with pytest.raises(actions.CheckFailed, match="held together, its tables give a hidden figure away"):
        actions.check(second, by=by)
    second.refresh_from_db()
    assert (second.state, second.certificate) == ("protected", None)


def test_the_reasons_say_what_is_small_and_what_is_hidden_for_its_sake(begin: Callable[..., Release]) -> None:
    release = begin("under-five", "protect", policy_id="council_lt5")
    assert release.tables.get(characteristic="ethnicity").reasons == {"other": Why.SMALL, "black": Why.BESIDE}


def test_a_second_table_of_the_year_is_protected_beside_the_first(calderdale: Authority, by: User) -> None:
    """The engine alone: a table is out with what one policy hides, and the same counts come under another."""
    held = snapshots(calderdale).get(year=2026)
    tables = [table_for_check(held, each) for each in ("religion", "ethnicity")]
    first = protect_year(tables, policy("council_lt10"))
    out = [
        Out(
            publishable(each, first[each.characteristic].table, period="2026", year=2026, area_code="", declared={}),
            each.counts,
        )
        for each in tables
    ]
    second = protect_year(tables, policy("council_lt5"), out=out)
    for each in tables:
        name = each.characteristic
        assert second[name].table.hidden_codes == first[name].table.hidden_codes
        assert set(second[name].reasons.values()) == {Why.OUT}


def test_the_public_page_shows_it_in_plain_words(client: Client, db) -> None:
    page = client.get(PUBLIC).content.decode()
    section = page.partition('id="certificate"')[2].partition("</section>")[0]
    for said in ("Certificate of protection", "Not tried", "evenstat", "HiGHS", "numbers are possible", "#protection"):
        assert said in section, said
    assert "ttacker" not in page
    told = client.get(f"{PUBLIC}certificate.json").json()
    assert told == Release.objects.get(slug="workforce-2019-to-2026").certificate


def test_a_publication_of_the_first_version_has_none_and_is_read_as_before(
    begin: Callable[..., Release], by: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = begin("old", "protect", "check", "approve")
    Release.objects.filter(id=release.id).update(certificate=None)
    release.refresh_from_db()
    with monkeypatch.context() as before:
        before.setattr(gates, "require", lambda *_: None)
        actions.publish(release, by=by)
    address = "/authorities/calderdale-council/publications/old/"
    page = client.get(address).content.decode()
    assert "no hidden figure can be worked out exactly from the table that hides it" in page
    assert 'id="certificate"' not in page
    assert client.get(f"{address}certificate.json").status_code == 404
    assert client.get(f"{address}figures.csv").status_code == 200
