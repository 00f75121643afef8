"""The scripts that the Makefile calls. Set-up, serving, checking and testing need only the standard library.

The disclosure benchmark is in `benchmarks`, and programs that write figures and pages from published data are in
`analyses`. The site and the statistical core import none of the three.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the only module that an older Python can parse
    sys.exit(
        "Evenhand needs Python 3.11 or newer and this is %d.%d. "  # noqa: UP031
        "On Debian 12: apt-get install python3 python3-venv. "
        "To use another version: make PYTHON=python3.12 setup" % sys.version_info[:2]
    )
