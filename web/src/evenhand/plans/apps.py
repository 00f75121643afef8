from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "evenhand.plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from evenhand.authorities import sections, todo  # noqa: PLC0415  models are not loaded before
        from evenhand.plans.todo import plans_waiting  # noqa: PLC0415

        todo.provide(plans_waiting)
        what = _("Equality objectives in their own words, and what is missing from them.")
        sections.offer(sections.Section(_("Plans"), what, "plans:plans"))
