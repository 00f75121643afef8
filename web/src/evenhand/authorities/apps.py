from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthoritiesConfig(AppConfig):
    name = "evenhand.authorities"
    verbose_name = "Authorities"

    def ready(self) -> None:
        from evenhand.authorities import sections, staff_tasks  # noqa: PLC0415  models are not loaded before
        from evenhand.authorities.people_tasks import people_tasks  # noqa: PLC0415
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415

        staff_tasks.provide(people_tasks)
        for title, description, url_name, permission in (
            (_("People"), _("Who works here, and their roles."), "people", None),
            (_("Units"), _("Directorates, services and teams."), "units", None),
            (_("Cover for absence"), _("Who covers for whom, and until when."), "delegations", None),
            (_("Assigned work"), _("Who is working on what."), "assignments", None),
            (_("Record of changes"), _("Who did what, when and why."), "record", Permission.SEE_RECORD),
            (
                _("The authority"),
                _("Its details, predecessor bodies and sign-in."),
                "settings",
                Permission.MANAGE_AUTHORITY,
            ),
        ):
            sections.register(sections.StaffSection(title, description, f"authorities:{url_name}", permission))
