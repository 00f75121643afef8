"""What actions check so that real and invented authorities stay apart, with an explanation for the person."""

from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, User


def check_same_kind(*authorities: Authority | None) -> None:
    """Raise NotPossible if real and invented authorities would be connected."""
    existing = [authority for authority in authorities if authority is not None]
    invented = next((authority for authority in existing if authority.invented), None)
    real = next((authority for authority in existing if not authority.invented), None)
    if invented and real:
        raise NotPossible(
            _("%(invented)s is invented and %(real)s is real. They cannot be connected.")
            % {"invented": invented, "real": real}
        )


def check_has_staff(authority: Authority) -> None:
    """Raise NotPossible if the authority is only shown from published sources: then nobody works for it here."""
    if authority.is_shown_from_sources:
        raise NotPossible(
            _(
                "%(authority)s is shown here from what it has published, so nobody works for it on this site. "
                "To try things out, use an invented authority."
            )
            % {"authority": authority}
        )


def check_can_work_for(person: User, authority: Authority) -> None:
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
