"""The rules of every module: each file in this folder has those of its own module."""

from access.rules import Rule
from support.tables import access_files, collect

RULES: dict[str, Rule] = collect("RULES", access_files())
