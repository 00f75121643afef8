"""The order of the layers is declared twice, for two tools. These tests keep the two declarations equal."""

from configparser import ConfigParser
from pathlib import Path

from evenhand.config.layers import layer_of
from evenhand.modules import registry

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_import_contract_and_the_foreign_key_check_have_the_same_order() -> None:
    contracts = ConfigParser()
    contracts.read(REPOSITORY / ".importlinter")
    layers = contracts["importlinter:contract:layers"]["layers"].split()
    assert tuple(layers) == registry.module_order()


def test_the_layers_are_the_apps_that_exist() -> None:
    package = REPOSITORY / "web" / "src" / "evenhand"
    apps = {folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()}
    assert apps == set(registry.module_order())


def test_an_app_outside_evenhand_has_no_layer() -> None:
    assert layer_of("django.contrib.auth") is None
    assert layer_of("evenhand.public") == registry.module_order().index("public")
