from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "evenhand.operations"
    verbose_name = "Running and leaving"

    def ready(self) -> None:
        from evenhand.authorities import sections  # noqa: PLC0415 - models are not loaded before this
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415

        title, what = _("Documents to be signed"), _("Drafts of what data protection and accessibility ask for.")
        sections.offer(sections.Section(title, what, "operations:documents", Permission.MANAGE_AUTHORITY))
