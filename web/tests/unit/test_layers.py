"""The order of the layers is declared twice, for two tools. These tests keep the two declarations equal."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from evenhand.config import template_links
from evenhand.config.layers import layer_of
from evenhand.config.template_links import check_templates_link_down, links_in
from evenhand.modules import registry

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def contracts() -> ConfigParser:
    parser = ConfigParser()
    parser.read(REPOSITORY / ".importlinter")
    return parser


def test_the_import_contract_and_the_foreign_key_check_have_the_same_order(contracts: ConfigParser) -> None:
    layers = contracts["importlinter:contract:layers"]["layers"].split()
    assert tuple(layers) == registry.module_order(), (
        "the first contract in .importlinter and INSTALLED_APPS in config/settings/base.py must have the same order"
    )


def test_every_app_has_layers_of_its_own(contracts: ConfigParser) -> None:
    containers = {name for contract in contracts.values() for name in contract.get("containers", "").split()}
    missing = [app for app in registry.module_order() if f"evenhand.{app}" not in containers]
    assert not missing, (
        f"{missing}: add each to `containers` of [importlinter:contract:within-smaller-apps] in .importlinter"
    )


def test_the_layers_are_the_apps_that_exist() -> None:
    package = REPOSITORY / "web" / "src" / "evenhand"
    apps = {folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()}
    assert apps == set(registry.module_order()), "add the app to INSTALLED_APPS in config/settings/base.py"


def test_an_app_outside_evenhand_has_no_layer() -> None:
    assert layer_of("django.contrib.auth") is None
    assert layer_of("evenhand.public") == registry.module_order().index("public")


def test_the_templates_name_no_higher_module() -> None:
    assert check_templates_link_down(None) == []


@pytest.mark.parametrize(
    "tag",
    ['{% url "public:plan" slug %}', "{% url 'public:plan' slug as page %}", '{% include "public/plan.html" %}'],
)
def test_a_template_that_names_a_higher_module_is_an_error(tag: str) -> None:
    links = list(links_in("plans/new.html", f"<p>one</p>\n<a href='{tag}'>"))
    (upward,) = template_links.links_up(links, ("public", "plans", "ledger"))
    (error,) = template_links.forbidden_links([upward], {})
    assert str(error.msg) == f"templates/plans/new.html:2: “{upward.target}” is of public, above plans."
    assert template_links.forbidden_links([upward], {("plans/new.html", upward.target): "a reason"}) == []


def test_a_template_may_name_its_own_and_lower_modules_and_the_whole_site_any() -> None:
    order = ("public", "plans", "ledger")
    text = '{% url "plans:plan" %}{% url "ledger:entry" %}{% include "components/form.html" %}{% url "roles" %}'
    assert list(template_links.links_up(links_in("plans/new.html", text), order)) == []
    assert list(template_links.links_up(links_in("base.html", '{% url "public:home" %}'), order)) == []


def test_an_exception_that_is_no_longer_needed_is_an_error() -> None:
    (error,) = template_links.needless_exceptions([], {("plans/old.html", "public:plan"): "a reason"})
    assert str(error.msg) == "templates/plans/old.html no longer names “public:plan”."
