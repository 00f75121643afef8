from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "evenhand.ledger"
    verbose_name = "Record of changes"
