"""Real and invented authorities are kept apart: by the database, on every public page and file, and in exports."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Membership, Succession, User
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY, EXAMPLE_COMBINED_AUTHORITY, REAL
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.intake import ImportFileError, read_source
from evenhand.evidence.models import Dataset, Snapshot
from evenhand.operations.export.writing import export
from evenhand.plans.actions import import_plan
from evenhand.plans.models import NodeClause, Plan
from evenhand.plans.queries import PlanConflict
from evenhand.public import queries
from evenhand.releases.models import Release, ReleaseTable
from support.authorities import exampleton, with_own_staff
from support.databases import copy_static_files, migrated_database, output_of, run_script
from support.public_pages import crawl
from support.staff_pages import cast_client

SITE_PAGES = (
    "/",
    "/?groups=all",
    "/authorities/",
    "/authorities/?q=exampleton",
    "/authorities/?q=council",
    "/authorities/?q=invented",
    "/methods/",
    "/sources/",
)
PLAN = """format: evenhand-plan/1
authority: calderdale-council
slug: x
title: X
status: draft
source: {title: T, publisher: P, dated: not dated, read_on: 2026-11-22, rights: None stated.}
nodes:
  - {kind: objective, ref: "1", wording: Something.}
"""
COUNTS = "published,organisation,employees,gender_female,gender_male\n2031,{},300,200,100\n"


def real() -> Authority:
    return Authority.objects.get(slug="leeds-city-council")


def plan(authority: Authority, *, invented: bool, **source: str) -> Plan:
    source = {"publisher": "P", "dated": "2026", "address": "https://example.org/"} | source
    return Plan(authority=authority, slug="x", title="X", source=source, imported_at=timezone.now(), invented=invented)


def release(authority: Authority, *, invented: bool) -> Release:
    return Release(authority=authority, slug="x", policy="council_lt10", drafted_at=timezone.now(), invented=invented)


def dataset(authority: Authority, *, invented: bool, **values: object) -> Dataset:
    source = {"publisher": "P", "address": "https://example.org/", "retrieved_on": "2026-11-22"}
    return Dataset(authority=authority, slug="x", invented=invented, **(source | values))


def mixed_table(of_release: Authority, of_figures: Authority) -> ReleaseTable:
    draft = release(of_release, invented=of_release.invented)
    draft.save()
    figures = Snapshot.objects.filter(dataset__authority=of_figures)[0]
    return ReleaseTable(release=draft, snapshot=figures, characteristic="sex", position=1)


def person(*, invented: bool) -> User:
    return User.objects.create_user("somebody@x.example", "Somebody", invented=invented)


def membership(authority: Authority, *, invented: bool) -> Membership:
    return Membership(authority=authority, user=person(invented=invented), role=Role.VIEWER)


def own_staff() -> Authority:
    return with_own_staff("leeds-city-council")


REFUSED: dict[str, Callable[[], object]] = {
    "an invented plan of a real authority": lambda: plan(real(), invented=True).save(),
    "a real plan of an invented authority": lambda: plan(exampleton(), invented=False).save(),
    "an invented data set of a real authority": lambda: dataset(real(), invented=True).save(),
    "a real data set of an invented authority": lambda: dataset(exampleton(), invented=False).save(),
    "an invented publication of a real authority": lambda: release(real(), invented=True).save(),
    "a real publication of an invented authority": lambda: release(exampleton(), invented=False).save(),
    "invented figures in a real publication": lambda: mixed_table(real(), exampleton()).save(),
    "real figures in an invented publication": lambda: mixed_table(exampleton(), real()).save(),
    "an invented person at a real authority": lambda: membership(own_staff(), invented=True).save(),
    "a real person at an invented authority": lambda: membership(exampleton(), invented=False).save(),
    "staff of an authority that is only shown": lambda: membership(real(), invented=False).save(),
    "an authority changes kind": lambda: Authority.objects.filter(slug=EXAMPLE_AUTHORITY).update(invented=False),
    "an authority loses its mark": lambda: Authority.objects.filter(slug=EXAMPLE_AUTHORITY).update(name="Exampleton"),
    "a real authority gets a mark": lambda: Authority.objects.filter(id=real().id).update(name="Leeds (invented)"),
    "a person changes kind": lambda: User.objects.filter(invented=True).update(invented=False),
    "a real body has an invented parent": lambda: Authority.objects.filter(id=real().id).update(parent=exampleton()),
    "a real body succeeds an invented one": lambda: Succession.objects.create(
        predecessor=exampleton(), successor=real(), on="2026-04-01", breaks="All"
    ),
    "a draft plan moves": lambda: Plan.objects.filter(slug="made-up-example").update(authority=own_staff()),
    "a draft publication moves": lambda: Release.objects.filter(state="draft").update(authority=own_staff()),
    "a data set moves": lambda: Dataset.objects.filter(authority=exampleton()).update(authority=own_staff()),
    "figures move": lambda: Snapshot.objects.filter(dataset__invented=True).update(
        dataset=Dataset.objects.filter(invented=False)[0]
    ),
    "a role moves": lambda: Membership.objects.filter(role=Role.OFFICER).update(authority=own_staff()),
    "a shown plan without an address": lambda: plan(real(), invented=False, address="").save(),
    "a shown plan without a publisher": lambda: plan(real(), invented=False, publisher="").save(),
    "a shown plan without a date": lambda: plan(real(), invented=False, dated="").save(),
    "shown figures without an address": lambda: dataset(real(), invented=False, address="").save(),
    "shown figures without a publisher": lambda: dataset(real(), invented=False, publisher="").save(),
    "shown figures without a date": lambda: dataset(real(), invented=False, retrieved_on=None).save(),
    "shown figures lose their address": lambda: Dataset.objects.filter(authority=real()).update(address=""),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("write", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses_a_mixture(db, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=r"real|invented|stay|published sources"), transaction.atomic():
        write()


@pytest.mark.both_databases
def test_the_database_accepts_the_same_rows_where_they_belong(db) -> None:
    plan(real(), invented=False).save()
    plan(exampleton(), invented=True, address="").save()
    dataset(real(), invented=False).save()
    dataset(exampleton(), invented=True, address="").save()
    release(real(), invented=False).save()
    mixed_table(exampleton(), exampleton()).save()
    membership(exampleton(), invented=True).save()
    Membership.objects.create(
        authority=own_staff(), user=User.objects.create_user("a@x.example", "A"), role=Role.VIEWER
    )
    with connection.cursor() as cursor:  # a whole row is written with the kind that it has
        cursor.execute("UPDATE authorities_authority SET invented = invented, version = version + 1")
    Plan.objects.filter(slug="x").delete()
    plan(own_staff(), invented=False, address="").save()  # an authority that publishes here itself


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "Sampleton"}, "end in “(invented)”"),
        ({"area_name": "Sampleton"}, "end in “(invented)”"),
        ({"slug": "sampleton"}, "“-invented”"),
        ({"area_code": "E08000001"}, "begins with X"),
        ({"invented": False}, "Those of a real authority do not"),
    ],
)
def test_an_invented_authority_says_so_everywhere(by: User, values: dict[str, object], problem: str) -> None:
    fields = {
        "slug": "sampleton-invented",
        "name": "Sampleton (invented)",
        "kind": Kind.DISTRICT_COUNCIL,
        "area_code": "X00000009",
        "area_name": "Sampleton (invented)",
        "invented": True,
    }
    with pytest.raises(ValidationError, match=re.escape(problem)):
        actions.add(by=by, **(fields | values))
    assert actions.add(by=by, **fields).invented


def test_actions_explain_why_real_and_invented_are_not_connected(by: User, member: Callable[..., User]) -> None:
    staffed = own_staff()
    real_person = member(staffed, Role.OFFICER)
    with pytest.raises(NotPossible, match="is invented and Leeds City Council is real"):
        actions.join(staffed, by=by, parent=exampleton())
    with pytest.raises(NotPossible, match="is a real person, and cannot work for"):
        actions.invite(exampleton(), by=by, email=real_person.email, name="X", roles=[Role.VIEWER])
    cast = User.objects.filter(invented=True)[0]
    with pytest.raises(NotPossible, match="is invented, and cannot work for Leeds City Council, which is real"):
        actions.add_member(staffed, by=by, email=cast.email, name="X", role=Role.VIEWER)
    with pytest.raises(NotPossible, match="nobody works for it on this site"):
        actions.invite(
            Authority.objects.get(slug="wirral-council"), by=by, email="a@x.example", name="A", roles=[Role.VIEWER]
        )
    with pytest.raises(NotPossible, match="sign in through a service are real"):
        actions.map_group(exampleton(), by=by, provider="service", group="G", role=Role.VIEWER)


def test_a_plan_file_is_refused_for_an_authority_of_the_other_kind(by: User) -> None:
    moved = PLAN.replace("calderdale-council", EXAMPLE_AUTHORITY)
    with pytest.raises(PlanConflict, match="says that the plan is invented, but Calderdale Council is real"):
        import_plan(f"invented: true\n{PLAN}".encode(), by=by, name="p.yaml")
    with pytest.raises(PlanConflict, match="says that the plan is real, but Exampleton"):
        import_plan(f"invented: false\n{moved}".encode(), by=by, name="p.yaml")
    with pytest.raises(PlanConflict, match="needs the address of the document"):
        import_plan(PLAN.encode(), by=by, name="p.yaml")
    assert import_plan(moved.encode(), by=by, name="p.yaml").plan.invented
    assert import_plan(moved.encode(), by=by, name="p.yaml").already_stored


def test_counts_are_refused_for_an_authority_of_the_other_kind_and_without_a_source(by: User) -> None:
    invented = read_source(b"invented = true", "source.toml")
    with pytest.raises(ImportFileError, match="said to be invented, but Wirral Council is real"):
        import_workforce(COUNTS.format("Wirral Council").encode(), by=by, name="c.csv", source=invented)
    with pytest.raises(ImportFileError, match="Add “publisher”, “address”, “retrieved_on” to the description"):
        import_workforce(COUNTS.format("Wirral Council").encode(), by=by, name="c.csv")
    name = "Exampleton City Council (invented)"
    assert len(import_workforce(COUNTS.format(name).encode(), by=by, name="c.csv", source=invented).stored) == 1


def test_every_real_plan_and_data_set_of_the_demonstration_has_publisher_date_and_address(db) -> None:
    plans, datasets = Plan.objects.filter(invented=False), Dataset.objects.filter(invented=False)
    assert (len(plans), len(datasets)) == (2, 2)
    for stored in plans:
        assert all(stored.source[key] for key in ("publisher", "dated", "read_on"))
        assert stored.source["address"].startswith("https://")
    for stored in datasets:
        assert stored.publisher
        assert stored.retrieved_on
        assert stored.address.startswith("https://")


def test_the_invented_plans_are_the_real_ones_word_for_word(client: Client, db) -> None:
    for slug, source in ((EXAMPLE_COMBINED_AUTHORITY, REAL[0].slug), (EXAMPLE_AUTHORITY, "liverpool-city-council")):
        adopted = Plan.objects.get(authority__slug=slug, slug="adopted-equality-objectives")
        original = Plan.objects.get(authority__slug=source)
        fields = ("position", "kind", "ref", "statement")
        assert list(adopted.nodes.values_list(*fields)) == list(original.nodes.values_list(*fields))
        clauses = ("node__position", "position", "clause", "quote", "check_text", "companion")
        quoted, printed = (
            list(NodeClause.objects.filter(node__plan=plan).values_list(*clauses)) for plan in (adopted, original)
        )
        assert sorted(quoted) == sorted(printed) != []
        page = client.get(f"/authorities/{slug}/plans/{adopted.slug}/").content.decode()
        assert f'<a href="/authorities/{source}/plans/{original.slug}/">Read the real plan that it quotes</a>' in page
        assert "does not exist. The words are those of" in page


def invented_ids() -> set[str]:
    models = (Plan, Dataset, Release, User, Authority)
    return {str(pk) for model in models for pk in model.objects.filter(invented=True).values_list("pk", flat=True)}


def test_no_page_or_file_of_a_real_authority_has_anything_invented(client: Client, db) -> None:
    marks = [mark.encode() for mark in ("nvented", "xampleton", "X0000000", *invented_ids())]
    starts = [*SITE_PAGES, *(f"/authorities/{body.slug}/" for body in REAL)]
    responses = crawl(client, starts, "/authorities/")
    assert len(responses) > 100
    for address, response in responses.items():
        content = response.content
        if "?q=" in address:  # the page repeats the search words
            content = content.replace(b"exampleton", b"").replace(b"invented", b"")
        assert [mark for mark in marks if mark in content] == [], address
        assert "X-Robots-Tag" not in response
        assert b"noindex" not in content
    door = responses["/"].content.decode()
    assert door.count("See how it works: a worked example") == 1
    not_found = responses["/authorities/?q=exampleton"].content.decode()
    assert "0 authorities match" in not_found
    assert '<a href="/worked-example/">' in not_found


def test_every_page_and_file_of_an_invented_authority_says_so(client: Client, db) -> None:
    responses = crawl(client, ["/worked-example/"], "/authorities/exampleton")
    kinds = {response["Content-Type"].partition(";")[0] for response in responses.values()}
    assert kinds == {"text/html", "text/csv", "application/json", "text/plain"}
    assert len([address for address in responses if "/measures/" in address]) > 10
    for address, response in responses.items():
        content = response.content.decode("utf-8-sig")
        assert response["X-Robots-Tag"] == "noindex", address
        if "html" in response["Content-Type"]:
            assert "(invented)" in content.partition("<title>")[2].partition("</title>")[0], address
            assert '<meta name="robots" content="noindex">' in content
            assert "made up" in content
        elif "csv" in response["Content-Type"]:
            rows = list(csv.DictReader(io.StringIO(content)))
            assert {row["authority"] for row in rows} == {"Exampleton City Council (invented)"}
            assert f'filename="{EXAMPLE_AUTHORITY}-' in response["Content-Disposition"]
        elif "json" in response["Content-Type"]:
            assert "(invented)" in json.loads(content)["authority_name"]
        else:  # signed, so only its file name can say it
            assert re.search(r'filename="exampleton-[a-z-]+-invented-checkpoint', response["Content-Disposition"])


@pytest.mark.parametrize("role", [Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR])
def test_every_staff_page_of_an_invented_authority_says_so(db, role: Role) -> None:
    start = f"/work/{EXAMPLE_AUTHORITY}/"
    responses = crawl(cast_client(role), [start], start, or_refused=True)
    assert len(responses) > 5
    for address, response in responses.items():
        if "html" in response["Content-Type"]:
            content = response.content.decode()
            assert "(invented)" in content.partition("<title>")[2].partition("</title>")[0], address
            assert "Everything on this page is made up." in content, address


def test_the_pages_with_residents_say_whose_figures_they_are(client: Client, db) -> None:
    for page in ("measures/representation-ethnicity/", "publications/workforce-2023-to-2026/"):
        content = client.get(f"/authorities/{EXAMPLE_AUTHORITY}/{page}").content.decode()
        assert "Exampleton (invented) does not exist: its residents are a copy of the figures of Calderdale." in content


def test_there_is_no_worked_example_on_a_site_without_one(client: Client, db, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Authority.objects.none
    monkeypatch.setattr("evenhand.public.views.site.invented_authorities", nobody)
    monkeypatch.setattr(queries, "invented_authorities", nobody)
    assert client.get("/worked-example/").status_code == 404
    assert "a worked example" not in client.get("/").content.decode()


def export_rows(archive: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(archive) as files:
        return {
            name: list(csv.DictReader(io.TextIOWrapper(files.open(name), "utf-8", newline="")))
            for name in files.namelist()
            if name.endswith(".csv")
        }


def test_an_export_of_a_real_authority_has_nothing_invented(db, tmp_path: Path) -> None:
    ids = invented_ids()
    for slug in ("calderdale-council", "liverpool-city-region-combined-authority"):
        export(tmp_path / f"{slug}.zip", Authority.objects.get(slug=slug))
        with zipfile.ZipFile(tmp_path / f"{slug}.zip") as files:
            texts = {name: files.read(name).decode() for name in files.namelist() if not name.startswith("files/")}
        for name, text in texts.items():
            assert not [mark for mark in ids if mark in text], name
            assert "xampleton" not in text
        assert not any(row["mark"] for rows in export_rows(tmp_path / f"{slug}.zip").values() for row in rows)


def test_each_row_of_an_export_of_an_invented_authority_says_so(db, tmp_path: Path) -> None:
    export(tmp_path / "one.zip", exampleton())
    tables = export_rows(tmp_path / "one.zip")
    assert len(tables["tables/evidence.count.csv"]) > 100
    assert {row["mark"] for rows in tables.values() for row in rows} == {"(invented)"}
    with zipfile.ZipFile(tmp_path / "one.zip") as files:
        assert "Data of Exampleton City Council (invented)" in files.read("README.txt").decode()
        record = files.read(f"record/{exampleton().id}.jsonl").decode().splitlines()
        assert all(json.loads(line)["mark"] == "(invented)" for line in record)


def test_an_export_of_everything_marks_the_invented_rows_only(db, tmp_path: Path) -> None:
    export(tmp_path / "all.zip")
    tables = export_rows(tmp_path / "all.zip")
    for name, count in (("authorities.authority", 2), ("authorities.user", 12), ("plans.plan", 3)):
        assert len([row for row in tables[f"tables/{name}.csv"] if row["mark"]]) == count
    for name in ("authorities.authority", "authorities.user", "plans.plan", "evidence.dataset", "releases.release"):
        for row in tables[f"tables/{name}.csv"]:
            assert (row["mark"] == "(invented)") == (row["invented"] == "true")
    marked = {row["id"] for row in tables["tables/plans.plan.csv"] if row["mark"]}
    for row in tables["tables/plans.plannode.csv"]:
        assert bool(row["mark"]) == (row["plan_id"] in marked)
    assert {row["names"] for row in tables["files.csv"] if row["mark"]} >= {"invented_workforce.csv"}


WITH_AND_WITHOUT = """
import re
from django.conf import settings
from django.test import Client
from evenhand.demonstration.bodies import REAL
from evenhand.demonstration.loading import load_invented, load_real
from support.public_pages import crawl
from support.staff_pages import cast_client

def pages():
    starts = ["/", "/?groups=all", "/authorities/", "/authorities/?q=council", "/sources/"]
    starts += [f"/authorities/{body.slug}/" for body in REAL]
    responses = crawl(Client(headers={"host": "localhost"}), starts, "/authorities/")
    return {address: response.content for address, response in responses.items()}

def totals(home):
    return " ".join(re.findall(r'eh-card__figure">([^<]+)<', home.decode()))

list(load_real())
without = pages()
list(load_invented())
together = pages()
door = b'<p><a href="/worked-example/">See how it works: a worked example</a></p>'

def but_for_the_door(page):
    return b" ".join(page.replace(door, b"").split())

differing = [page for page in without if but_for_the_door(without[page]) != but_for_the_door(together[page])]
print(len(without), "pages;", len(together.keys() ^ without.keys()), "added or missing;", "differing:", differing)
print("front page without:", totals(without["/"]), "- with:", totals(together["/"]))
"""


def test_every_page_of_real_authorities_is_the_same_with_and_without_invented_ones(tmp_path: Path) -> None:
    copy_static_files(tmp_path)
    with migrated_database("sqlite", tmp_path) as database:
        pages, totals = output_of(run_script(tmp_path, database, WITH_AND_WITHOUT)).splitlines()[-2:]
    assert re.fullmatch(r"[1-9]\d\d pages; 0 added or missing; differing: \[\]", pages)
    without, _, together = totals.removeprefix("front page without: ").partition(" - with: ")
    assert without == together
    assert without.split()[:4] == ["8", "0", "of", "8"]
