from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "evenhand.operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        from evenhand.authorities import sections  # noqa: PLC0415 - models are not loaded before this
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415

        title, description = _("Documents to sign"), _("Drafts of data protection and accessibility documents.")
        sections.register(
            sections.StaffSection(title, description, "operations:documents", Permission.MANAGE_AUTHORITY)
        )
