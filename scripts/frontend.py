"""The style sheet and the fonts, built from web/frontend into the site's static files."""

from scripts import node
from scripts.commands import run, told
from scripts.places import AXE, BUILT, FRONTEND, ROOT
from scripts.stamps import once

MODULES = FRONTEND / "node_modules"
SOURCES = (FRONTEND / "package-lock.json", FRONTEND / "build.mjs", FRONTEND / "scss")
STYLES = BUILT / "site.css"


def build() -> None:
    once("frontend", SOURCES, [STYLES, AXE], _build)


def _build() -> None:
    environment = node.settings()
    key = [FRONTEND / "package-lock.json", FRONTEND / "package.json"]

    def install() -> None:
        told(f"npm packages (node {node.version(environment)})")
        node.install(FRONTEND, environment)

    once("node_modules", key, [MODULES / "sass"], install)
    said = run(
        ["node", "build.mjs"],
        cwd=FRONTEND,
        environment=environment,
        otherwise=f"The style sheet could not be built from {FRONTEND.relative_to(ROOT)}.",
    )
    told(said.strip())
