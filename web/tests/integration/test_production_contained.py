"""The site under a container's constraints, without a container: everything read-only but EVENHAND_VAR, no capability,
no new privilege, and another user where the interpreter lets one in. What an engine adds to that was not run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from own_servers import GUNICORN, TLS, asked, production, served

NOBODY = 65_534
CONSTRAINED = """
mount --bind "$EVENHAND_VAR" "$EVENHAND_VAR"
while read -r _ _ _ _ at _; do
  case $at in "$EVENHAND_VAR" | /proc* | /dev* | /sys*) ;; *) mount -o remount,bind,ro "$at" 2>/dev/null ;; esac
done < /proc/self/mountinfo
cd "$EVENHAND_VAR"
if touch "$0" 2>/dev/null; then echo "$0 can be written to" >&2; exit 9; fi
exec setpriv $CONSTRAINTS --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


@pytest.fixture
def constrained(tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    """The settings, and what a command begins with."""
    tools = [shutil.which(name) for name in ("unshare", "setpriv", "mount")]
    if os.geteuid() or not all(tools) or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("needs root, and leave to make a mount namespace")
    good = production(tmp_path)
    reachable = subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-c", "import django"],
        capture_output=True,
        check=False,
    )
    settings = good | {"EVENHAND_STATIC": str(tmp_path / "static")}
    settings |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    settings |= {"EVENHAND_SECRET_KEY": Path(good["EVENHAND_SECRET_KEY_FILE"]).read_text(), "HOME": "/nonexistent"}
    settings |= {"EVENHAND_SECRET_KEY_FILE": "", "TMPDIR": good["EVENHAND_VAR"], "CONSTRAINTS": "--clear-groups"}
    if reachable.returncode == 0 and not [part for part in tmp_path.resolve().parents if not part.stat().st_mode & 1]:
        os.chown(settings["EVENHAND_VAR"], NOBODY, NOBODY)
        settings["CONSTRAINTS"] = f"--reuid={NOBODY} --regid={NOBODY} --clear-groups"
    subprocess.run(
        [GUNICORN.parent / "evenhand", "collectstatic", "--noinput", "--verbosity", "0"],
        env=settings | {"EVENHAND_VAR": str(tmp_path / "building"), "EVENHAND_PRODUCTION": "false"},
        check=True,
        capture_output=True,
    )
    return settings, ["unshare", "-m", "sh", "-c", CONSTRAINED, __file__]


def test_it_serves_and_works_where_only_its_own_folder_can_be_written_to(
    constrained: tuple[dict[str, str], list[str]],
) -> None:
    settings, begin = constrained
    evenhand = str(GUNICORN.parent / "evenhand")
    subprocess.run([*begin, evenhand, "migrate", "--verbosity", "0"], env=settings, check=True, capture_output=True)
    with (
        served(settings, before=begin) as port,
        subprocess.Popen([*begin, evenhand, "worker"], env=settings, stdout=subprocess.PIPE, text=True) as worker,
    ):
        try:
            assert worker.stdout is not None
            assert "running" in worker.stdout.readline()
            assert asked(port, "/health/ready", {})[0] == 200
            for path in ("/", "/sign-in/", "/authorities/", "/.well-known/security.txt"):
                assert asked(port, path, TLS)[0] == 200
        finally:
            worker.terminate()
    assert worker.returncode == 0
