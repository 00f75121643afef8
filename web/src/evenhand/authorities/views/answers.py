"""The one way in which a staff page with a form answers, and the page on which it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority


@dataclass(frozen=True)
class Page:
    """What stands around a form. `back` is where one goes afterwards, and where Cancel leads."""

    title: str
    button: str
    back: str
    crumbs: tuple[tuple[str, str], ...] = ()  # what it is called, where it leads
    intro: tuple[str, ...] = ()
    grave: bool = False
    template: str = "authorities/form.html"


def answer(
    request: HttpRequest,
    authority: Authority,
    form: Form,
    page: Page,
    *,
    do: Callable[[dict[str, Any]], object],
    said: str,
    **more: object,
) -> HttpResponse:
    """Show the form; once it is sent and fits, do it, say so and go back. What stands in the way is said above it."""
    if request.method == "POST" and form.is_valid() and done(form, do):
        messages.success(request, said)
        return redirect(page.back)
    return render(request, page.template, {"authority": authority, "form": form, "page": page, **more})


def done(form: Form, do: Callable[[dict[str, Any]], object]) -> bool:
    try:
        do(form.cleaned_data)
    except NotPossible as reason:
        form.add_error(None, str(reason))
    except ValidationError as invalid:
        for message in invalid.messages:
            form.add_error(None, message)
    return not form.errors
