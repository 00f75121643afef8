"""The characteristics and their categories, as data, each in a named edition. No figures live here."""

from evenstat.standards._editions import STANDARDS, standard
from evenstat.standards._model import Category, Standard

__all__ = ["STANDARDS", "Category", "Standard", "standard"]
