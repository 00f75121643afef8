"""Tables whose figures are rounded or moved. What a reader can work out from them all is for `auditing` to say."""

from evenstat.disclosure.rounding.keys import noise_table, record_keys
from evenstat.disclosure.rounding.rounded import Rounded, rounded

__all__ = ["Rounded", "noise_table", "record_keys", "rounded"]
