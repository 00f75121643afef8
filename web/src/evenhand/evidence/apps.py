from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evenhand.evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        from evenhand.authorities import sections  # noqa: PLC0415  models are not loaded yet
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415

        description = _("The figures we hold, the files they came from and who uploaded them.")
        sections.register(sections.StaffSection(_("Figures"), description, "evidence:figures", Permission.SEE_DRAFTS))
