"""What the Makefile calls: set-up, serving, checking and testing, with the standard library only.

Nothing of the product lives here; the site and the statistics do not know this folder.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one module that an older Python gets to read
    sys.exit(
        "Evenhand needs Python 3.11 or newer and this is %d.%d. "  # noqa: UP031
        "On Debian 12: apt-get install python3 python3-venv. "
        "To name another: make PYTHON=python3.12 setup" % sys.version_info[:2]
    )
