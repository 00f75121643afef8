"""Settings, all from the environment; what is given here is safe to run on a machine of one's own.

EVENHAND_VAR        where the site keeps its data (default: `var` in the folder it is started from)
EVENHAND_SECRET_KEY the signing key (default: made once, kept in EVENHAND_VAR)
EVENHAND_HOSTS      names it answers to, with commas between
EVENHAND_DEBUG      true shows faults in the browser; never where others can reach it
DATABASE_URL        default: SQLite in EVENHAND_VAR; postgres://… for PostgreSQL

Each module says one thing: `environment` reads, `base` puts the site together, `sign_in` lets people in,
`security` closes what is open by default, `outgoing` sends and queues, `logs` writes down.
"""

from evenhand.config.settings.base import *  # noqa: F403
from evenhand.config.settings.logs import *  # noqa: F403
from evenhand.config.settings.outgoing import *  # noqa: F403
from evenhand.config.settings.security import *  # noqa: F403
from evenhand.config.settings.sign_in import *  # noqa: F403
