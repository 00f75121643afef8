"""Debian's packages, where this user may install them."""

import os
import shutil
import subprocess

from scripts.commands import told

INSTALL = ("install", "--yes", "--quiet", "--no-install-recommends")


def may_look() -> bool:
    """EVENHAND_NO_APT=1 plays a machine that has none of Debian's packages and cannot get them."""
    return os.environ.get("EVENHAND_NO_APT") != "1"


def install(package: str) -> bool:
    """Whether the package could be installed; never asks for a password."""
    apt = _apt()
    if not apt:
        return False
    told(f"Debian's {package} (apt-get)")
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update", "--quiet"), (*INSTALL, package)):
        done = subprocess.run(
            [*apt, *arguments], env=quietly, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    return done.returncode == 0


def _apt() -> list[str]:
    if not may_look() or not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = ["sudo", "--non-interactive"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode:
        return [*sudo, "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []
