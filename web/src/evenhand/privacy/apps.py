from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "evenhand.privacy"
    verbose_name = "Personal data"

    def ready(self) -> None:
        from evenhand.authorities import sections, todo  # noqa: PLC0415 - models are not loaded before this
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415
        from evenhand.notifications.schedule import every  # noqa: PLC0415
        from evenhand.privacy import clock, held_files  # noqa: PLC0415
        from evenhand.privacy.todo import requests_to_answer  # noqa: PLC0415

        what = _("What people ask about their own data, and by when each must have an answer.")
        title = _("Requests about personal data")
        sections.offer(sections.Section(title, what, "privacy:requests", Permission.ANSWER_REQUESTS))
        todo.provide(requests_to_answer)
        every("privacy.sweep", clock.DAY, clock.sweep)
        held_files.register()
