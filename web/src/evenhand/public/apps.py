from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "evenhand.public"
    verbose_name = "Public pages"

    def ready(self) -> None:
        from evenhand.authorities import published  # noqa: PLC0415  needs loaded models
        from evenhand.public.published import published_items  # noqa: PLC0415

        published.provide(published_items)
