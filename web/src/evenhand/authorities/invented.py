"""Real and invented authorities are kept apart (docs/adr/0029): the mark in their names, and the triggers.

An authority is real or invented, fixed when it is added. A table whose rows are published, or through which people
act, has a column `invented` and the triggers of `keep_apart`, or it derives the answer from its authority and gets
triggers that keep it there. An action checks first, so that people get an explanation (`invented_checks`); the triggers
hold against everything else.
"""

from evenhand.records.immutability import Frozen

MARK = "(invented)"
IS_INVENTED = "(SELECT invented FROM authorities_authority WHERE id = NEW.{})"
IS_SHOWN_FROM_SOURCES = (
    "EXISTS (SELECT 1 FROM authorities_authority WHERE id = NEW.authority_id AND demonstration AND NOT invented)"
)


def keep_apart(table: str) -> list[Frozen]:
    """The triggers of a table with the columns `authority_id` and `invented`, for a migration of its app.

    The migration depends on `authorities.0004_invented`. A row whose authority does not exist yet is left to the
    foreign key, because a restore adds the authority after the rows that refer to it.
    """
    return [
        Frozen(
            table,
            on=("insert",),
            when=f"NEW.invented <> {IS_INVENTED.format('authority_id')}",
            message="a real authority has no invented rows, and an invented one no real rows",
            name=f"{table}_kind",
        ),
        Frozen(
            table,
            on=("update",),
            columns=("invented", "authority_id"),
            message="a row stays with its authority, and real or invented as it was added",
            name=f"{table}_kind",
        ),
    ]
