"""`evenstat standards` and `evenstat policies`: list the categories and the disclosure control policies."""

import argparse

from evenstat.commands.output import CommandResult, format_columns
from evenstat.disclosure import POLICIES
from evenstat.standards import STANDARDS, standard


def standards(arguments: argparse.Namespace) -> CommandResult:
    if arguments.id is None:
        rows = [["id", "name", "edition"], *([item.id, item.name, item.edition] for item in STANDARDS)]
        return CommandResult(format_columns(rows))
    chosen = standard(arguments.id)
    rows = [[category.code, category.label] for category in (*chosen.categories, *chosen.not_known)]
    heading = f"{chosen.name}, edition {chosen.edition}\n{chosen.note}\nSource: {chosen.source}"
    return CommandResult(f"{heading}\n\n{format_columns([['code', 'label'], *rows])}")


def policies(_arguments: argparse.Namespace) -> CommandResult:
    rows = [["id", "description"], *([policy.id, policy.description] for policy in POLICIES)]
    return CommandResult(format_columns(rows))
