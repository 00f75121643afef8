from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    name = "evenhand.releases"
    verbose_name = "Publications"

    def ready(self) -> None:
        from evenhand.authorities import sections, staff_tasks  # noqa: PLC0415  models are not loaded yet
        from evenhand.releases import requirements  # noqa: PLC0415
        from evenhand.releases.staff_tasks import release_tasks  # noqa: PLC0415

        requirements.declare()
        staff_tasks.provide(release_tasks)
        description = _("Protect, check, approve and publish figures.")
        sections.register(sections.StaffSection(_("Publications"), description, "releases:publications"))
