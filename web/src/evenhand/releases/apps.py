from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "evenhand.releases"
    verbose_name = "Publications"

    def ready(self) -> None:
        from evenhand.releases import requirements  # noqa: PLC0415  models are not loaded before

        requirements.declare()
