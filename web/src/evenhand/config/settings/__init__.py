"""Settings, all read from the environment. The defaults are safe for running on your own computer.

docs/generated/settings.md, written from `declared`, lists every setting and what production requires of it.

`environment` reads the environment, `base` configures the site, `sign_in` authentication, `security` headers, cookies
and limits, `outgoing` e-mail and the task queue, and `logs` logging.
"""

from evenhand.config.settings.base import *  # noqa: F403
from evenhand.config.settings.logs import *  # noqa: F403
from evenhand.config.settings.outgoing import *  # noqa: F403
from evenhand.config.settings.security import *  # noqa: F403
from evenhand.config.settings.sign_in import *  # noqa: F403
