"""The order of the rooms is written down twice, for two tools; here the two are one."""

from configparser import ConfigParser
from pathlib import Path

from evenhand.config.house import STOREYS, storey_of

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_import_contract_and_the_foreign_key_check_have_the_same_order() -> None:
    contracts = ConfigParser()
    contracts.read(REPOSITORY / ".importlinter")
    layers = contracts["importlinter:contract:storeys"]["layers"].split()
    assert tuple(layers) == STOREYS


def test_the_order_knows_only_rooms_that_hold_something() -> None:
    package = REPOSITORY / "web" / "src" / "evenhand"
    rooms = {folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()}
    assert rooms == set(STOREYS)


def test_an_app_that_is_not_ours_has_no_storey() -> None:
    assert storey_of("django.contrib.auth") is None
    assert storey_of("evenhand.public") == STOREYS.index("public")
