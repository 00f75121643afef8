"""Real and invented authorities are kept apart (docs/adr/0029): the checks of actions, and the triggers behind them.

An authority is real or invented, fixed when it is added. A table whose rows are published, or through which people
act, has a column `invented` and the triggers of `keep_apart`, or it derives the answer from its authority and gets
triggers that keep it there. An action checks first, so that people get an explanation; the triggers hold against
everything else.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.records.immutability import Frozen

if TYPE_CHECKING:
    from evenhand.authorities.models import Authority, User

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


def check_same_kind(*authorities: "Authority | None") -> None:
    """Raise NotPossible if real and invented authorities would be connected."""
    existing = [authority for authority in authorities if authority is not None]
    invented = next((authority for authority in existing if authority.invented), None)
    real = next((authority for authority in existing if not authority.invented), None)
    if invented and real:
        raise NotPossible(
            _("%(invented)s is invented and %(real)s is real. They cannot be connected.")
            % {"invented": invented, "real": real}
        )


def check_has_staff(authority: "Authority") -> None:
    """Raise NotPossible if the authority is only shown from published sources: then nobody works for it here."""
    if authority.is_shown_from_sources:
        raise NotPossible(
            _(
                "%(authority)s is shown here from what it has published, so nobody works for it on this site. "
                "To try things out, use an invented authority."
            )
            % {"authority": authority}
        )


def check_can_work_for(person: "User", authority: "Authority") -> None:
    check_has_staff(authority)
    if person.invented and not authority.invented:
        raise NotPossible(
            _("%(person)s is invented, and cannot work for %(authority)s, which is real.")
            % {"person": person, "authority": authority}
        )
    if authority.invented and not person.invented:
        raise NotPossible(
            _(
                "%(person)s is a real person, and cannot work for %(authority)s. "
                "To try it out, use another email address."
            )
            % {"person": person, "authority": authority}
        )
