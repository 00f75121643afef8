"""Filling in a form on a page of this site, as a browser does when it restores one.

The page is the site's own HTML, so every view keeps its own form, with its labels, choices and permissions, and needs
no second way of building it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Attributes = list[tuple[str, str | None]]
Values = Mapping[str, Sequence[str]]
NOT_FILLED = frozenset({"password", "file", "submit", "button", "image", "reset"})


@dataclass
class FoundForm:
    """A form of the page that is sent by POST: its place among the forms, its fields and its buttons."""

    number: int
    path: str
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value and text
    labels: dict[str, str] = field(default_factory=dict)  # by the name of the field

    def button_text(self, values: Values) -> str:
        """The text of the button that was pressed, or of the first one."""
        pressed = [text for name, value, text in self.buttons if name and value in values.get(name, ())]
        return next(iter([*pressed, *(text for _name, _value, text in self.buttons)]), "")


class _Finder(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.number = address, -1
        self.forms: list[FoundForm] = []
        self.current: FoundForm | None = None
        self.label_for, self.text, self.button = "", "", ("", "")
        self.labels: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.number += 1
            path = urlsplit(urljoin(self.address, attributes.get("action") or self.address)).path
            is_post = (attributes.get("method") or "get").lower() == "post"
            self.current = FoundForm(self.number, path) if is_post else None
        elif tag == "label":
            self.label_for, self.text = attributes.get("for") or "", ""
        elif tag == "span":
            self._end_label()  # the words “(optional)” are not part of the label
        elif tag == "button":
            self.button, self.text = (attributes.get("name") or "", attributes.get("value") or ""), ""
        elif self.current is not None and tag in ("input", "select", "textarea") and attributes.get("name"):
            name = str(attributes["name"])
            self.current.names.add(name)
            self.current.labels.setdefault(name, self.labels.get(attributes.get("id") or "", ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.current is not None:
            self.forms.append(self.current)
            self.current = None
        elif tag == "label":
            self._end_label()
        elif tag == "button" and self.current is not None:
            self.current.buttons.append((*self.button, " ".join(self.text.split())))

    def _end_label(self) -> None:
        if self.label_for:
            self.labels[self.label_for] = " ".join(self.text.split())
            self.label_for = ""


class _Filler(HTMLParser):
    """Repeats the page, with the values in one of its forms."""

    def __init__(self, form: FoundForm | None, values: Values, hidden: tuple[str, str], notice: str) -> None:
        super().__init__(convert_charrefs=False)
        self.form, self.values, self.hidden, self.notice = form, values, hidden, notice
        self.number, self.inside, self.skipping = -1, False, False
        self.select_name = ""
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        text = self.get_starttag_text() or ""
        if tag == "form":
            self.number += 1
            self.inside = self.form is not None and self.number == self.form.number
            if self.inside:
                text += f'<input type="hidden" name="{self.hidden[0]}" value="{escape(self.hidden[1])}">'
        elif self.inside:
            text = self._filled(tag, attrs, text)
        self.parts.append(text + (self.notice if tag == "main" else ""))

    handle_startendtag = handle_starttag

    def _filled(self, tag: str, attrs: Attributes, text: str) -> str:
        attributes = dict(attrs)
        name = attributes.get("name") or ""
        kind = (attributes.get("type") or "text").lower()
        if tag == "select":
            self.select_name = name
        elif tag == "option" and self.select_name in self.values:
            return _tag(tag, attrs, "selected", attributes.get("value") in self.values[self.select_name])
        elif tag == "textarea" and name in self.values:
            self.skipping = True
            return f"{text}\n{escape(self.values[name][0])}"
        elif tag == "input" and kind in ("checkbox", "radio"):
            chosen = self.values.get(name, ()) if name in self.values or kind == "checkbox" else None
            if chosen is not None:
                return _tag(tag, attrs, "checked", (attributes.get("value") or "on") in chosen)
        elif tag == "input" and name in self.values and kind not in NOT_FILLED:
            return _tag(
                tag, [*((key, value) for key, value in attrs if key != "value"), ("value", self.values[name][0])]
            )
        return text

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.skipping = False
        elif tag == "select":
            self.select_name = ""
        elif tag == "form":
            self.inside = False
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")


def find_form(page: str, address: str, path: str, names: Iterable[str]) -> FoundForm | None:
    """The form of the page that is sent to this path; of several, the one with most of these fields."""
    finder = _Finder(address)
    finder.feed(page)
    finder.close()
    sent_names = set(names)
    return max(
        (form for form in finder.forms if form.path == path),
        key=lambda form: len(form.names & sent_names),
        default=None,
    )


def fill_in(page: str, form: FoundForm | None, values: Values, *, hidden: tuple[str, str], notice: str) -> str:
    """The page with the notice at the top of its main part, and with the values and the hidden field in the form."""
    filler = _Filler(form, values, hidden, notice)
    filler.feed(page)
    filler.close()
    return "".join(filler.parts)


def _tag(tag: str, attrs: Attributes, flag: str = "", is_set: bool = False) -> str:
    kept = [(name, value) for name, value in attrs if name != flag] + ([(flag, None)] if is_set else [])
    written = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept)
    return f"<{tag}{written}>"
