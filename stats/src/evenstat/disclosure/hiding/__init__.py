"""Which cells of linked tables to hide, at the least loss. What a reader can work out after that is for `auditing`."""

from evenstat.disclosure.hiding.bound import Bound, bound
from evenstat.disclosure.hiding.protect import BUDGET, Loss, Pattern, Weight, never, protect
from evenstat.disclosure.hiding.unsafe import unsafe_cells

__all__ = ["BUDGET", "Bound", "Loss", "Pattern", "Weight", "bound", "never", "protect", "unsafe_cells"]
