"""`evenstat standards` and `evenstat policies`: what there is to choose from."""

import argparse

from evenstat.commands.answers import Answer, aligned
from evenstat.disclosure import POLICIES
from evenstat.standards import STANDARDS, standard


def standards(arguments: argparse.Namespace) -> Answer:
    if arguments.id is None:
        rows = [["id", "name", "edition"], *([item.id, item.name, item.edition] for item in STANDARDS)]
        return Answer(aligned(rows))
    chosen = standard(arguments.id)
    rows = [[category.code, category.label] for category in (*chosen.categories, *chosen.not_known)]
    facts = f"{chosen.name}, edition {chosen.edition}\n{chosen.note}\nSource: {chosen.source}"
    return Answer(f"{facts}\n\n{aligned([['code', 'label'], *rows])}")


def policies(_arguments: argparse.Namespace) -> Answer:
    return Answer(aligned([["id", "what it does"], *([item.id, item.description] for item in POLICIES)]))
