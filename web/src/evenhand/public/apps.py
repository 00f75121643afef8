from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "evenhand.public"
    verbose_name = "Public pages"

    def ready(self) -> None:
        from evenhand.authorities import published  # noqa: PLC0415  models are not loaded before
        from evenhand.public.published import put_out  # noqa: PLC0415

        published.provide(put_out)
