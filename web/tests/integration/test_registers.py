"""What every register keeps to, present and coming. A new register adds its example in `web/tests/registers`."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ForeignKey
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Unit, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import operator
from evenhand.authorities.record_words import record_lines
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.ledger.models import Entry
from evenhand.records.classification import PUBLIC, classification_of
from evenhand.registers import actions
from evenhand.registers.errors import EditConflict
from evenhand.registers.formula_signs import unescaped
from evenhand.registers.models import Post, RecordVersion
from evenhand.registers.register import registers
from evenhand.registers.sheets.checking import check_sheet
from evenhand.registers.sheets.reading import read_sheet
from evenhand.sign_in.kept.sent_form import fields_not_kept
from registers.examples import RegisterExample, all_examples
from support.authorities import calderdale_with_staff, leeds_with_staff
from support.people_actions import somebody
from support.staff_pages import client_for, main_text

EXAMPLES = all_examples()
FORMULAS = ("=1+1", "+2 points", "-5%", "@SUM(A1)", "'=quoted", "'plain", '=HYPERLINK("http://x")')
LIST_QUERIES = 15
NAMED_BY: dict[Any, str] = {Post: "title", Unit: "name"}
FOREIGN: dict[Any, dict[str, str]] = {Post: {"title": "Elsewhere", "state": "current"}, Unit: {"name": "Elsewhere"}}

every_register = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())


@pytest.fixture
def authority(db: None) -> Authority:
    return calderdale_with_staff()


def add(example: RegisterExample, authority: Authority, by: User | None = None, **values: Any) -> Any:
    values = {**example.values(authority), **values}
    return actions.add(example.register, authority, by=by or operator(), values=values)


def editor(example: RegisterExample, authority: Authority) -> User:
    return somebody(sorted(example.editors)[0], "editor", authority)


def browser(example: RegisterExample, authority: Authority) -> Client:
    return client_for(editor(example, authority))


def test_every_register_has_an_example() -> None:
    assert set(registers()) == set(EXAMPLES), "give each register an example in web/tests/registers/"


@every_register
def test_a_record_is_added_changed_and_shown(example: RegisterExample, authority: Authority) -> None:
    register, client = example.register, browser(example, authority)
    empty = main_text(client.get(register.url("list", authority)))
    assert str(register.words.empty) in empty
    values = example.values(authority)
    response = client.post(register.url("add", authority), values, follow=True)
    assert str(register.words.added) in main_text(response)
    (record,) = register.records_of(authority)
    assert response.redirect_chain[-1][0] == register.url("detail", authority, record.id)
    name, value = example.other
    posted = values | {name: value, "version": record.version}
    assert str(register.words.changed) in main_text(
        client.post(register.url("edit", authority, record.id), posted, follow=True)
    )
    record.refresh_from_db()
    assert (getattr(record, name), record.version) == (value, 2)
    listed = main_text(client.get(register.url("list", authority)))
    assert "1 record" in listed
    assert str(values[example.text]) in main_text(client.get(register.url("detail", authority, record.id)))


@every_register
def test_what_was_done_has_words_and_a_name(example: RegisterExample, authority: Authority) -> None:
    by = editor(example, authority)
    record = add(example, authority, by)
    name, value = example.other
    actions.change(example.register, record, by=by, version=1, values={name: value})
    entries = Entry.objects.filter(subject_id=record.id).order_by("position")
    lines = record_lines(entries, person=by, authority=authority)
    assert [line.description for line in lines] == [example.register.words.added, example.register.words.changed]
    assert {line.subject.name for line in lines} == {str(example.register.records_of(authority).get())}
    assert {line.subject_kind for line in lines} == {example.register.words.item}


@every_register
def test_a_change_that_changes_nothing_is_not_recorded(example: RegisterExample, authority: Authority) -> None:
    record = add(example, authority)
    before = Entry.objects.count()
    values = example.values(authority)
    unchanged = actions.change(example.register, record, by=operator(), version=1, values=values)
    assert (unchanged.version, Entry.objects.count()) == (1, before)


@every_register
@pytest.mark.both_databases
def test_two_changes_of_one_field_are_a_conflict_and_nothing_is_lost(
    example: RegisterExample, authority: Authority
) -> None:
    register, client = example.register, browser(example, authority)
    record = add(example, authority)
    values = example.values(authority)
    actions.change(register, record, by=operator(), version=1, values={example.text: "Theirs"})
    name, value = example.other
    posted = values | {example.text: "Mine", name: value, "version": 1}
    response = client.post(register.url("edit", authority, record.id), posted)
    assert response.status_code == 409
    shown = response.content.decode()
    for text in ("Somebody else changed this record", "Mine", "Theirs", str(value)):
        assert text in shown
    record.refresh_from_db()
    assert getattr(record, example.text) == "Theirs"
    client.post(register.url("edit", authority, record.id), posted | {"version": 2})
    record.refresh_from_db()
    assert (getattr(record, example.text), getattr(record, name)) == ("Mine", value)


@every_register
def test_two_changes_of_different_fields_are_both_kept(example: RegisterExample, authority: Authority) -> None:
    register = example.register
    record = add(example, authority)
    values = example.values(authority)
    actions.change(register, record, by=operator(), version=1, values={example.text: "Theirs"})
    name, value = example.other
    if classification_of(register.model)[name] != PUBLIC:
        pytest.skip("the history does not keep this field, so that what the person saw is not known")
    actions.change(register, record, by=operator(), version=1, values=values | {name: value})
    record.refresh_from_db()
    assert (getattr(record, example.text), getattr(record, name)) == ("Theirs", value)


@every_register
def test_a_conflict_says_which_fields(example: RegisterExample, authority: Authority) -> None:
    record = add(example, authority)
    actions.change(example.register, record, by=operator(), version=1, values={example.text: "Theirs"})
    with pytest.raises(EditConflict) as conflict:
        actions.change(example.register, record, by=operator(), version=1, values={example.text: "Mine"})
    (field,) = conflict.value.fields
    assert (field.name, field.yours, field.theirs) == (example.text, "Mine", "Theirs")
    assert conflict.value.version == 2


@every_register
def test_each_state_and_step_for_each_role(
    example: RegisterExample, authority: Authority, member: Callable[..., User]
) -> None:
    """state × role × transition, against the tables that were decided by hand."""
    register = example.register
    if register.states is None:
        assert example.steps == {}
        return
    assert set(example.steps) == {state.name for state in register.states.states}
    assert set(example.roles) == {step.name for step in register.states.transitions}
    people = {role: member(authority, role) for role in Role}
    record = add(example, authority)
    for state in register.states.states:
        for step in register.states.transitions:
            for role, person in people.items():
                register.model._default_manager.filter(id=record.id).update(state=state.name, version=1)
                expected = "refused" if role not in example.roles[step.name] else "moved"
                if expected == "moved" and step.name not in example.steps[state.name]:
                    expected = "not possible"
                assert (state.name, step.name, role, _try(example, record, step.name, person)) == (
                    state.name,
                    step.name,
                    role,
                    expected,
                )


def _try(example: RegisterExample, record: Any, step: str, person: User) -> str:
    savepoint = transaction.savepoint()
    try:
        record.refresh_from_db()
        actions.move(example.register, record, by=person, version=record.version, transition=step, reason="Because")
    except Refused:
        return "refused"
    except NotPossible:
        return "not possible"
    finally:
        transaction.savepoint_rollback(savepoint)
    return "moved"


@every_register
def test_steps_need_their_reason_and_the_present_version(example: RegisterExample, authority: Authority) -> None:
    register = example.register
    if register.states is None:
        return
    record = add(example, authority)
    step = register.states.out_of(record.state)[0]
    with pytest.raises(NotPossible, match="changed this record after you opened it"):
        actions.move(register, record, by=operator(), version=7, transition=step.name, reason="Because")
    for needs_reason in (step for step in register.states.out_of(record.state) if step.needs_reason):
        with pytest.raises(NotPossible, match="Enter the reason"):
            actions.move(register, record, by=operator(), version=1, transition=needs_reason.name, reason=" ")
    shown = browser(example, authority).post(
        register.url("step", authority, record.id, step.name), {"version": 1, "reason": "Because"}, follow=True
    )
    assert str(step.done) in main_text(shown)
    record.refresh_from_db()
    assert record.state == step.target
    assert (
        browser(example, authority).get(register.url("step", authority, record.id, "no-such-step")).status_code == 404
    )


@every_register
@pytest.mark.both_databases
def test_the_history_keeps_public_fields_alone_and_cannot_be_rewritten(
    example: RegisterExample, authority: Authority
) -> None:
    record = add(example, authority, **example.personal)
    kept = RecordVersion.objects.get(record_id=record.id)
    classes = classification_of(example.register.model)
    assert {classes[name] for name in kept.values} == {PUBLIC}
    for value in example.personal.values():
        assert value not in json.dumps(kept.values)
    for spoil in (
        lambda: RecordVersion.objects.filter(id=kept.id).update(values={}),
        lambda: RecordVersion.objects.filter(id=kept.id).delete(),
    ):
        with pytest.raises(DatabaseError, match="cannot be changed or removed"), transaction.atomic():
            spoil()


@every_register
def test_records_of_another_authority_do_not_exist(example: RegisterExample, authority: Authority) -> None:
    record = add(example, authority)
    elsewhere = leeds_with_staff()
    client = browser(example, elsewhere)
    register = example.register
    assert client.get(register.url("detail", elsewhere, record.id)).status_code == 404
    assert client.get(register.url("edit", elsewhere, record.id)).status_code == 404
    assert str(register.words.empty) in main_text(client.get(register.url("list", elsewhere)))


@every_register
def test_nothing_is_changed_at_an_authority_that_has_closed(example: RegisterExample, authority: Authority) -> None:
    record = add(example, authority)
    authority.closed_on = timezone.localdate()
    authority.save(update_fields=["closed_on"])
    record.refresh_from_db()
    for write in (
        lambda: add(example, authority),
        lambda: actions.change(example.register, record, by=operator(), version=1, values={example.text: "New"}),
    ):
        with pytest.raises((NotPossible, Refused), match="closed on"):
            write()
    client = browser(example, authority)
    assert str(example.register.words.add) not in main_text(client.get(example.register.url("list", authority)))


@every_register
def test_files_hold_text_and_no_formula(example: RegisterExample, authority: Authority) -> None:
    for text in FORMULAS:
        add(example, authority, **{example.text: text})
    register, client = example.register, browser(example, authority)
    content = client.get(register.url("file", authority, "csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    cells = {cell for row in rows[1:] for cell in row}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert set(FORMULAS) <= {unescaped(cell) for cell in cells}
    workbook = zipfile.ZipFile(io.BytesIO(client.get(register.url("file", authority, "xlsx")).content))
    sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "=1+1" in workbook.read("xl/sharedStrings.xml").decode()


@every_register
def test_files_of_an_invented_authority_say_so_in_each_row(example: RegisterExample, db: None) -> None:
    authority = Authority.objects.get(slug=EXAMPLE_AUTHORITY)
    add(example, authority)
    client = client_for(editor(example, authority))
    content = client.get(example.register.url("file", authority, "csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len(rows) >= 2
    assert {row[-1] for row in rows[1:]} == {"(invented)"}


@every_register
def test_the_list_needs_a_constant_number_of_queries(
    example: RegisterExample, authority: Authority, django_assert_max_num_queries: Any
) -> None:
    client = browser(example, authority)
    address = example.register.url("list", authority)
    for number in range(60):
        add(example, authority, **{example.text: f"Record {number}"})
    client.get(address)
    with django_assert_max_num_queries(LIST_QUERIES):
        shown = main_text(client.get(address))
    assert "60 records" in shown
    assert "Page 1 of 2" in shown


@every_register
def test_the_list_is_searched_sorted_and_keeps_what_was_asked(example: RegisterExample, authority: Authority) -> None:
    register, client = example.register, browser(example, authority)
    for text in ("Alpha one", "Beta two", "Gamma two"):
        add(example, authority, **{example.text: text})
    address = register.url("list", authority)
    matching = main_text(client.get(address, {"q": "two"}))
    assert "2 records" in matching
    assert "Alpha" not in matching
    assert "Nothing matches" in main_text(client.get(address, {"q": "nowhere to be found"}))
    for column in register.columns:
        if column.sort:
            for direction in ("", "-"):
                assert client.get(address, {"sort": f"{direction}{column.name}"}).status_code == 200
    for nonsense in ({"sort": "password"}, {"page": "many"}, {"state": "nowhere"}, {"owner": "x"}, {"q": "\x00"}):
        assert client.get(address, nonsense).status_code in (200, 400)
    if register.has_numbers:
        reference = register.records_of(authority).order_by("number").first().reference
        assert "1 record" in main_text(client.get(address, {"q": reference}))


@every_register
def test_numbers_are_given_once(example: RegisterExample, authority: Authority) -> None:
    if not example.register.has_numbers:
        return
    numbers = [add(example, authority).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert add(example, leeds_with_staff()).number == 1


@every_register
def test_personal_fields_of_a_form_are_not_kept_when_the_session_has_ended(
    example: RegisterExample, authority: Authority
) -> None:
    register = example.register
    assert set(register.personal_fields) == {
        name for name in register.fields if classification_of(register.model)[name] != PUBLIC
    }
    for address in (register.url("add", authority), register.url("edit", authority, add(example, authority).id)):
        assert set(fields_not_kept(resolve(address).func)) >= set(example.personal)


@every_register
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_that_is_downloaded_and_imported_changes_nothing(
    example: RegisterExample, authority: Authority, form: str
) -> None:
    register = example.register
    if not register.sheet_columns:
        return
    add(example, authority, **example.personal, **{example.text: "=1+1"})
    add(example, authority, **{example.text: "Another", example.other[0]: example.other[1]})
    data = browser(example, authority).get(register.url("file", authority, form)).content
    check = check_sheet(register, authority, read_sheet(data, f"list.{form}"))
    assert (check.problems, check.new, check.changed, check.unchanged) == ((), (), (), 2)


@every_register
def test_nothing_of_another_authority_can_be_chosen(example: RegisterExample, authority: Authority) -> None:
    """Neither in a form, nor by an action. A form that lists everybody's staff would show who works elsewhere."""
    register, elsewhere = example.register, leeds_with_staff()
    stranger = somebody(Role.OFFICER, "stranger", elsewhere)
    shown = browser(example, authority).get(register.url("add", authority)).content.decode()
    assert stranger.name not in shown
    assert operator().name not in shown
    references = [name for name in register.fields if isinstance(register.model._meta.get_field(name), ForeignKey)]
    assert references
    for name in references:
        model = register.model._meta.get_field(name).related_model
        assert set(register.choices_of(name, authority)).isdisjoint(register.choices_of(name, elsewhere))
        foreign = stranger if model is User else model._default_manager.create(authority=elsewhere, **FOREIGN[model])
        record = add(example, authority, **{example.text: f"With {name}"})
        for write in (
            lambda name=name, foreign=foreign: add(example, authority, **{example.text: "Another", name: foreign}),
            lambda name=name, foreign=foreign, record=record: actions.change(
                register, record, by=operator(), version=1, values={name: foreign}
            ),
        ):
            with pytest.raises(ValidationError, match="cannot be chosen here"):
                write()


@every_register
def test_the_page_of_a_record_needs_a_constant_number_of_queries(
    example: RegisterExample, authority: Authority, django_assert_max_num_queries: Any
) -> None:
    register, client = example.register, browser(example, authority)
    record = add(example, authority)
    (name, *_others) = register.references
    choices = register.choices_of(name, authority)
    for number in range(12):
        other = choices.model._default_manager.create(
            authority=authority, **{**FOREIGN[choices.model], NAMED_BY[choices.model]: f"Elsewhere {number}"}
        )
        record = actions.change(register, record, by=operator(), version=record.version, values={name: other})
    address = register.url("detail", authority, record.id)
    client.get(address)
    with django_assert_max_num_queries(LIST_QUERIES):
        shown = main_text(client.get(address))
    assert "from “Elsewhere 10” to “Elsewhere 11”" in shown
