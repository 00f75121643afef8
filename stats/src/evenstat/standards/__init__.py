"""The characteristics and their categories, each in a named edition. No figures are kept in this package."""

from evenstat.standards._editions import STANDARDS, standard
from evenstat.standards._model import Category, Standard

__all__ = ["STANDARDS", "Category", "Standard", "standard"]
