"""Tables with rounded or perturbed figures. `auditing` checks what can be derived from them together."""

from evenstat.disclosure.rounding.cell_keys import noise_table, record_keys
from evenstat.disclosure.rounding.round_tables import RoundedTables, round_tables

__all__ = ["RoundedTables", "noise_table", "record_keys", "round_tables"]
