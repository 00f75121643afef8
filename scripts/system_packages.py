"""Installs Debian packages, if this user is allowed to."""

import os
import shutil
import subprocess

from scripts.commands import print_step

INSTALL = ("install", "--yes", "--quiet", "--no-install-recommends")


def may_use() -> bool:
    """EVENHAND_NO_APT=1 simulates a machine that has no Debian packages and can't install any."""
    return os.environ.get("EVENHAND_NO_APT") != "1"


def install(package: str) -> bool:
    """Installs the package without asking for a password. Returns whether that succeeded."""
    apt = _apt()
    if not apt:
        return False
    print_step(f"Debian's {package} (apt-get)")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update", "--quiet"), (*INSTALL, package)):
        result = subprocess.run(
            [*apt, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    return result.returncode == 0


def _apt() -> list[str]:
    if not may_use() or not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = ["sudo", "--non-interactive"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode:
        return [*sudo, "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []
