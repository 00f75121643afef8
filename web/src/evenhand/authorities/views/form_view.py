"""The base class of the staff pages that show a form, save it and return to the page before."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from evenhand.authorities.access import StaffView, person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, User
from evenhand.modules import Permission


class Breadcrumb(NamedTuple):
    title: str | Promise
    url: str


class StaffFormView(FormView):  # type: ignore[type-arg]  # FormView cannot be subscripted at runtime
    """A form for staff of an authority. A subclass sets `permission` and the texts, and implements `save`.

    `as_view` applies `staff_of`, so the view is refused to everybody else; a subclass without a `permission` fails
    when the URLs are loaded. If `save` raises NotPossible or ValidationError, the message is shown above the form.
    """

    permission: ClassVar[Permission | None]  # None admits all staff; the subclass or its action then checks the rest
    template_name = "authorities/form.html"
    title: str | Promise = ""
    introduction: Sequence[str | Promise] = ()
    submit_label: str | Promise = ""
    success_message: str | Promise = ""
    is_destructive = False
    parent_title: str | Promise = ""  # the page that Cancel and a saved form return to
    parent_url_name = ""
    authority: Authority
    person: User

    @classmethod
    def as_view(cls, **initkwargs: Any) -> StaffView:
        view = cast(StaffView, super().as_view(**initkwargs))
        return staff_of(cls.permission)(require_http_methods(["GET", "HEAD", "POST"])(view))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.authority = cast(Authority, args[0])
        self.person = person_of(request)

    def save(self, cleaned_data: dict[str, Any]) -> None:
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.save(form.cleaned_data)
        except NotPossible as reason:
            form.add_error(None, str(reason))
        except ValidationError as invalid:
            for message in invalid.messages:
                form.add_error(None, message)
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, str(self.get_success_message()))
        return super().form_valid(form)

    def get_title(self) -> str | Promise:
        return self.title

    def get_introduction(self) -> Sequence[str | Promise]:
        return self.introduction

    def get_success_message(self) -> str | Promise:
        return self.success_message

    def get_success_url(self) -> str:
        return reverse(self.parent_url_name, kwargs={"authority": self.authority.slug})

    def get_breadcrumbs(self) -> Sequence[Breadcrumb]:
        return (Breadcrumb(self.parent_title, self.get_success_url()),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {
            "authority": self.authority,
            "title": self.get_title(),
            "introduction": self.get_introduction(),
            "submit_label": self.submit_label,
            "back_url": self.get_success_url(),
            "breadcrumbs": self.get_breadcrumbs(),
            "is_destructive": self.is_destructive,
        }
        return super().get_context_data(**(page | kwargs))
