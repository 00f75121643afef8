"""The scripts that the Makefile calls. Set-up, serving, checking and testing need only the standard library.

Benchmarks and scripts that write figures also need the installed packages. The site and the statistical core do not
import from this folder.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the only module that an older Python can parse
    sys.exit(
        "Evenhand needs Python 3.11 or newer and this is %d.%d. "  # noqa: UP031
        "On Debian 12: apt-get install python3 python3-venv. "
        "To use another version: make PYTHON=python3.12 setup" % sys.version_info[:2]
    )
