"""Settings, all from the environment; what is given here is safe to run on a machine of one's own.

All of them, with what production asks of each: docs/generated/settings.md, written from `declared`.

Each module says one thing: `environment` reads, `base` puts the site together, `sign_in` lets people in,
`security` closes what is open by default, `outgoing` sends and queues, `logs` writes down.
"""

from evenhand.config.settings.base import *  # noqa: F403
from evenhand.config.settings.logs import *  # noqa: F403
from evenhand.config.settings.outgoing import *  # noqa: F403
from evenhand.config.settings.security import *  # noqa: F403
from evenhand.config.settings.sign_in import *  # noqa: F403
