from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evenhand.evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        from evenhand.authorities import sections  # noqa: PLC0415  models are not loaded before
        from evenhand.authorities.permissions import Permission  # noqa: PLC0415

        what = _("What is held, from which file, and who took it in.")
        sections.offer(sections.Section(_("Figures"), what, "evidence:figures", Permission.SEE_DRAFTS))
