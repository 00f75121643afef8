from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "evenhand.plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from evenhand.authorities import sections, staff_tasks  # noqa: PLC0415  needs loaded models
        from evenhand.plans.staff_tasks import plan_tasks  # noqa: PLC0415

        staff_tasks.provide(plan_tasks)
        description = _("Equality objectives in their own words, and what is missing from them.")
        sections.register(sections.StaffSection(_("Plans"), description, "plans:plans"))
