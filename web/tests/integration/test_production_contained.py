"""The site under the constraints of a container, but without one: everything except EVENHAND_VAR is read-only, there
are no capabilities or new privileges, and it runs as another user if that user can run the interpreter. Further
constraints of container engines are not tested."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.servers import GUNICORN, TLS_HEADERS, get, production_settings, running_server

NOBODY = 65_534
CONSTRAINED = """
mount --bind "$EVENHAND_VAR" "$EVENHAND_VAR"
while read -r _ _ _ _ at _; do
  case $at in "$EVENHAND_VAR" | /proc* | /dev* | /sys*) ;; *) mount -o remount,bind,ro "$at" 2>/dev/null ;; esac
done < /proc/self/mountinfo
cd "$EVENHAND_VAR"
if touch "$0" 2>/dev/null; then echo "$0 is writable" >&2; exit 9; fi
exec setpriv $CONSTRAINTS --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


@pytest.fixture
def constrained(tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    """The settings, and the prefix of commands."""
    tools = [shutil.which(name) for name in ("unshare", "setpriv", "mount")]
    if os.geteuid() or not all(tools) or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("needs root and permission to create a mount namespace")
    safe_settings = production_settings(tmp_path)
    reachable = subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-c", "import django"],
        capture_output=True,
        check=False,
    )
    settings = safe_settings | {"EVENHAND_STATIC": str(tmp_path / "static")}
    settings |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    settings |= {
        "EVENHAND_SECRET_KEY": Path(safe_settings["EVENHAND_SECRET_KEY_FILE"]).read_text(),
        "HOME": "/nonexistent",
    }
    settings |= {
        "EVENHAND_SECRET_KEY_FILE": "",
        "TMPDIR": safe_settings["EVENHAND_VAR"],
        "CONSTRAINTS": "--clear-groups",
    }
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


def test_the_site_and_the_worker_run_if_only_their_own_folder_is_writable(
    constrained: tuple[dict[str, str], list[str]],
) -> None:
    settings, prefix = constrained
    evenhand = str(GUNICORN.parent / "evenhand")
    subprocess.run([*prefix, evenhand, "migrate", "--verbosity", "0"], env=settings, check=True, capture_output=True)
    with (
        running_server(settings, before=prefix) as port,
        subprocess.Popen([*prefix, evenhand, "worker"], env=settings, stdout=subprocess.PIPE, text=True) as worker,
    ):
        try:
            assert worker.stdout is not None
            assert "running" in worker.stdout.readline()
            assert get(port, "/health/ready", {})[0] == 200
            for path in ("/", "/sign-in/", "/authorities/", "/.well-known/security.txt"):
                assert get(port, path, TLS_HEADERS)[0] == 200
        finally:
            worker.terminate()
    assert worker.returncode == 0
