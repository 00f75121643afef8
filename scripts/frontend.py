"""Builds the style sheet and the fonts from web/frontend into the site's static files."""

from scripts import node
from scripts.commands import print_step, run
from scripts.places import AXE, BUILT, FRONTEND, ROOT
from scripts.stamps import run_if_changed

MODULES = FRONTEND / "node_modules"
SOURCES = (FRONTEND / "package-lock.json", FRONTEND / "build.mjs", FRONTEND / "scss")
STYLES = BUILT / "site.css"


def build() -> None:
    run_if_changed("frontend", SOURCES, [STYLES, AXE], _build)


def _build() -> None:
    environment = node.settings()
    key = [FRONTEND / "package-lock.json", FRONTEND / "package.json"]

    def install() -> None:
        print_step(f"npm packages (node {node.version(environment)})")
        node.install(FRONTEND, environment)

    run_if_changed("node_modules", key, [MODULES / "sass"], install)
    output = run(
        ["node", "build.mjs"],
        cwd=FRONTEND,
        environment=environment,
        otherwise=f"The style sheet could not be built from {FRONTEND.relative_to(ROOT)}.",
    )
    print_step(output.strip())
