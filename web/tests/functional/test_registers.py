"""A register in a real browser: records added, changed by two people, taken through their states, and a sheet in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from support.sign_in_sites import Site, served

W = "/work/anywhere/"
SHEET = b"""Number;Action;Due date;Status
1.1;Train front desks;March 2027;On track
1.2;Publish the guidance;Spring;
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    people = {"ola": "officer", "app": "approver", "vic": "viewer"}
    with served(tmp_path_factory.mktemp("registers"), people) as site:
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_actions_are_kept_by_two_people_and_read_by_a_third(
    signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    ola, app, vic = signed_in("ola"), signed_in("app"), signed_in("vic")
    ola.goto(f"{W}actions/")
    expect(ola.get_by_text("There are no actions yet.")).to_be_visible()
    clean(ola)
    ola.goto(f"{W}posts/add/")
    ola.get_by_label("Title of the post").fill("Head of people")
    press(ola, "Add a post")
    ola.goto(f"{W}actions/add/")
    ola.get_by_label("By when").fill("Spring")
    press(ola, "Add an action")
    expect(ola.get_by_role("alert")).to_contain_text("Enter what will be done.")
    expect(ola.get_by_role("alert")).to_contain_text("“Spring” cannot be read as a date.")
    clean(ola)
    ola.get_by_label("What will be done").fill("Offer interviews")
    ola.get_by_label("By when").fill("31 March 2026")
    ola.get_by_label("Responsible post").select_option(label="Head of people")
    press(ola, "Add an action")
    expect(ola.get_by_role("heading", level=1)).to_have_text("ACT-001: Offer interviews")
    clean(ola)

    app.goto(f"{ola.url}change/")
    ola.get_by_role("link", name="Change", exact=True).click()
    ola.get_by_label("What will be done").fill("Offer interviews to all")
    press(ola, "Save")
    app.get_by_label("What will be done").fill("Offer interviews to some")
    app.get_by_label("Partners").fill("Deaf society")
    press(app, "Save")
    expect(app.get_by_role("alert")).to_contain_text("Somebody else changed this record")
    expect(app.get_by_role("cell", name="Offer interviews to all")).to_be_visible()
    expect(app.get_by_label("Partners")).to_have_value("Deaf society")
    clean(app)
    press(app, "Save")
    expect(app.get_by_role("heading", level=1)).to_have_text("ACT-001: Offer interviews to some")

    app.get_by_role("link", name="Mark as blocked").click()
    press(app, "Mark as blocked")
    expect(app.get_by_role("alert")).to_contain_text("This field is required.")
    app.get_by_label("Reason").fill("No budget yet")
    clean(app)
    press(app, "Mark as blocked")
    expect(app.get_by_role("status").first).to_contain_text("Action marked as blocked")
    clean(app)

    vic.goto(f"{W}actions/?late=yes&q=interviews&sort=-due")
    expect(vic.get_by_role("cell", name="Blocked, late")).to_be_visible()
    expect(vic.get_by_role("link", name="Add an action")).to_have_count(0)
    clean(vic)
    with vic.expect_download() as download:
        vic.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_sheet_is_corrected_and_imported(signed_in: Callable[[str], Page], clean: Callable[[Page], None]) -> None:
    ola = signed_in("ola")
    ola.goto(f"{W}actions/sheet/")
    clean(ola)
    file = {"name": "plan.csv", "mimeType": "text/csv", "buffer": SHEET}
    ola.get_by_label("CSV or Excel file").set_input_files(files=[file])  # type: ignore[list-item]
    press(ola, "Check the sheet")
    expect(ola.get_by_role("row", name="C3")).to_contain_text("“Spring” cannot be read as a date.")
    clean(ola)
    corrected = file | {"buffer": SHEET.replace(b"Spring", b"2026/27")}
    ola.get_by_label("CSV or Excel file").set_input_files(files=[corrected])  # type: ignore[list-item]
    press(ola, "Check the sheet")
    expect(ola.get_by_role("heading", level=1)).to_have_text("What the sheet would change")
    clean(ola)
    press(ola, "Import")
    expect(ola.get_by_role("status").first).to_contain_text("Sheet imported: 2 added, 0 changed.")
    ola.go_back()
    expect(ola.get_by_role("heading", level=1)).to_have_text("This sheet is no longer kept")
    clean(ola)
