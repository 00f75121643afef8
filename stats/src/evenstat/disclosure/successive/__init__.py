"""One more release about people of whom something is out already: this year's, or last year's. No solver is here."""

from evenstat.disclosure.successive.also import can_also_publish
from evenstat.disclosure.successive.answers import Answer, Ground, Nearest, Next, Refused, Why
from evenstat.disclosure.successive.asked import LastYear, Options
from evenstat.disclosure.successive.movers import Exposure, Knows, Move, Moves, Years, moves
from evenstat.disclosure.successive.nearest import nearest
from evenstat.disclosure.successive.next import protect_next
from evenstat.disclosure.successive.years import exposures

__all__ = [
    "Answer",
    "Exposure",
    "Ground",
    "Knows",
    "LastYear",
    "Move",
    "Moves",
    "Nearest",
    "Next",
    "Options",
    "Refused",
    "Why",
    "Years",
    "can_also_publish",
    "exposures",
    "moves",
    "nearest",
    "protect_next",
]
