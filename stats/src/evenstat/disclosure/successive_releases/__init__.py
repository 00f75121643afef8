"""A further release about people with prior releases: of this year, or of the previous year. No solver is used here."""

from evenstat.disclosure.successive_releases.approval import can_also_publish
from evenstat.disclosure.successive_releases.decisions import (
    NearestTables,
    PublishableTables,
    RefusalReason,
    ReleaseDecision,
    SuppressionReason,
    UnpublishableTables,
)
from evenstat.disclosure.successive_releases.movers import (
    Move,
    MoverAction,
    MoverDisclosure,
    MoverKnowledge,
    Moves,
    moves,
)
from evenstat.disclosure.successive_releases.nearest import nearest
from evenstat.disclosure.successive_releases.next_release import protect_next
from evenstat.disclosure.successive_releases.options import PreviousYear, SearchOptions
from evenstat.disclosure.successive_releases.year_on_year import mover_disclosures

__all__ = [
    "Move",
    "MoverAction",
    "MoverDisclosure",
    "MoverKnowledge",
    "Moves",
    "NearestTables",
    "PreviousYear",
    "PublishableTables",
    "RefusalReason",
    "ReleaseDecision",
    "SearchOptions",
    "SuppressionReason",
    "UnpublishableTables",
    "can_also_publish",
    "mover_disclosures",
    "moves",
    "nearest",
    "protect_next",
]
