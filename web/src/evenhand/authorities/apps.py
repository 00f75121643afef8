from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthoritiesConfig(AppConfig):
    name = "evenhand.authorities"
    verbose_name = "Authorities"

    def ready(self) -> None:
        from evenhand.authorities import sections, todo  # noqa: PLC0415  models are not loaded before
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415
        from evenhand.authorities.waiting import about_people  # noqa: PLC0415

        todo.provide(about_people)
        for title, what, address, permission in (
            (_("People"), _("Who works here, and in which roles."), "people", None),
            (_("Units"), _("Directorates, services and teams."), "units", None),
            (_("Standing in"), _("Who may act for whom, and until when."), "delegations", None),
            (_("In hand"), _("Who has which work in hand."), "in_hand", None),
            (_("Record of changes"), _("Who did what, when and why."), "record", Permission.SEE_RECORD),
            (
                _("The authority"),
                _("Its details, what came before it, and its sign-in."),
                "settings",
                Permission.MANAGE_AUTHORITY,
            ),
        ):
            sections.offer(sections.Section(title, what, f"authorities:{address}", permission))
