"""Paths in a checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"  # everything that set-up creates, except the environment and the built assets
VENV = ROOT / ".venv"
STATS_VENV = BUILD / "venv-stats"  # without Django, to prove that the statistical core does not need it
FRONTEND = ROOT / "web" / "frontend"
STATIC = ROOT / "web" / "src" / "evenhand" / "static"
BUILT = STATIC / "built"
AXE = BUILD / "axe.min.js"
VAR = Path(os.environ.get("EVENHAND_VAR", ROOT / "var"))
