from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "evenhand.privacy"
    verbose_name = "Personal data"

    def ready(self) -> None:
        from evenhand.authorities import sections, staff_tasks  # noqa: PLC0415 - models are not loaded before this
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415
        from evenhand.notifications.schedule import every  # noqa: PLC0415
        from evenhand.privacy import mail_files, tasks  # noqa: PLC0415
        from evenhand.privacy.staff_tasks import request_tasks  # noqa: PLC0415

        title = _("Requests about personal data")
        description = _("Requests from people about their own personal data, and when each must be answered.")
        sections.register(sections.StaffSection(title, description, "privacy:requests", Permission.ANSWER_REQUESTS))
        staff_tasks.provide(request_tasks)
        every("privacy.sweep", tasks.ONE_DAY, tasks.delete_expired_data)
        mail_files.register()
