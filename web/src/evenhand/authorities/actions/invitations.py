import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible, WrongPassword
from evenhand.authorities.models import Authority, Invitation, Unit, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import roles_of
from evenhand.authorities.standing import grant, held, not_to_oneself, of_authority, still_open
from evenhand.ledger.actions import Subject, recording
from evenhand.notifications.actions import send

OPEN_FOR = timedelta(days=7)
BETWEEN_TWO = timedelta(minutes=1)  # a double click would else make the first message's link dead


def invite(
    authority: Authority, *, by: User, email: str, name: str, roles: Collection[Role], unit: Unit | None = None
) -> Invitation:
    """Send the person a link that lets them in once. Its secret is in the message, and in `token` of the answer."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    email, now, wanted = email.strip().lower(), timezone.now(), sorted({Role(role) for role in roles})
    validate_email(email)
    with recording("authorities.invite", by=by) as change:
        found = held(authority)
        still_open(found)
        of_authority(unit, found)
        _check_invited(found, email, wanted, by=by)
        invitation = Invitation(
            authority=found,
            email=email,
            name=name.strip(),
            roles=wanted,
            unit=unit,
            invited_by=by,
            sent_at=now,
            expires_at=now + OPEN_FOR,
        )
        _new_token(invitation)
        invitation.full_clean(exclude=["unit", "accepted_at", "accepted_by", "withdrawn_at"])
        invitation.save()
        _send(invitation)
        change.subject = _subject(invitation)
        change.after = {"roles": wanted, "unit": unit.id if unit else None, "expires_at": invitation.expires_at}
    return invitation


def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """With a new link; the old one opens nothing any more. An invitation that ran out is open again."""
    may(by, Permission.MANAGE_AUTHORITY, invitation.authority).require()
    with recording("authorities.send_again", on=_subject(invitation), by=by) as change:
        still_open(held(invitation.authority))
        found = _unanswered(invitation)
        if timezone.now() - found.sent_at < BETWEEN_TWO:
            raise NotPossible(_("This invitation was sent a moment ago. Give the message a minute to arrive."))
        change.before = {"expires_at": found.expires_at}
        if known := User.objects.filter(email=found.email).first():
            not_to_oneself(by, known, {Role(role) for role in found.roles})
        found.invited_by = by  # whoever sends it answers for it
        found.sent_at = timezone.now()
        found.expires_at = found.sent_at + OPEN_FOR
        _new_token(found)
        found.save(update_fields=["sent_at", "expires_at", "token_sha256", "invited_by"])
        _send(found)
        change.after = {"expires_at": found.expires_at}
    return found


def withdraw(invitation: Invitation, *, by: User) -> None:
    """The link opens nothing any more. Withdrawn already, it stays so."""
    may(by, Permission.MANAGE_AUTHORITY, invitation.authority).require()
    with transaction.atomic():
        held(invitation.authority)
        if Invitation.objects.filter(id=invitation.id).exclude(withdrawn_at=None).exists():
            return
        found = _unanswered(invitation)
        with recording("authorities.withdraw", on=_subject(found), by=by) as change:
            found.withdrawn_at = timezone.now()
            found.save(update_fields=["withdrawn_at"])
            change.after = {"withdrawn_at": found.withdrawn_at}


def accept(invitation: Invitation, *, password: str | None, name: str) -> User:
    """Take the invitation up with an account: a new one, the person's own (with its password), or one that had ended.

    Whoever has the link reads the address that it was sent to; that is the permission. `password` is None where a
    sign-in service answers for the person.
    """
    with transaction.atomic():
        found = _for_acceptance(invitation)
        person = User.objects.select_for_update().filter(email=found.email, is_operator=False).first()
        if person is None:
            person = User(email=found.email, name=name.strip())
            _set_password(person, password)
            person.full_clean(exclude=["password", "last_login", "left_at"])
            person.save()
        elif not person.is_active:
            person.name, person.is_active, person.left_at = name.strip(), True, None
            _set_password(person, password)
            person.save()
        else:
            _prove(person, password)
        return _join(found, person)


def accept_as(invitation: Invitation, *, by: User) -> User:
    """Take the invitation up as the person who is signed in already, at the address that it was sent to."""
    with transaction.atomic():
        found = _for_acceptance(invitation)
        if not by.is_active or by.email != found.email:
            raise NotPossible(_("This invitation was sent to another address. Sign out, then open its link again."))
        return _join(found, by)


def _check_invited(authority: Authority, email: str, roles: Collection[Role], *, by: User) -> None:
    if not roles:
        raise NotPossible(_("Choose at least one role."))
    known = User.objects.filter(email=email).first()
    if known and known.is_operator:
        raise NotPossible(_("This address belongs to the server itself."))
    if known:
        new = set(roles) - roles_of(known, authority)
        if not new and known.is_active:
            raise NotPossible(
                _("%(person)s has this role at %(authority)s already.") % {"person": known, "authority": authority}
            )
        not_to_oneself(by, known, new)
    before = Invitation.objects.filter(authority=authority, email=email, accepted_at=None, withdrawn_at=None)
    for each in before:
        if not each.has_expired:
            raise NotPossible(
                _("An invitation went there on %(day)s and waits for an answer. Send it again or withdraw it.")
                % {"day": date_format(timezone.localtime(each.sent_at), "j F Y")}
            )
    before.update(withdrawn_at=timezone.now())  # what ran out makes room


def _unanswered(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update().get(id=invitation.id)
    if found.accepted_at is not None:
        raise NotPossible(_("%(person)s has accepted this invitation already.") % {"person": found.name})
    if found.withdrawn_at is not None:
        raise NotPossible(_("This invitation was withdrawn."))
    return found


def _for_acceptance(invitation: Invitation) -> Invitation:
    """Held against a second acceptance, and refused where the link that the person followed is not the newest."""
    authority = held(invitation.authority)
    found = _unanswered(invitation)
    if found.has_expired or found.token_sha256 != invitation.token_sha256:
        raise NotPossible(_("This invitation has run out. Ask whoever sent it to send it again."))
    if authority.is_closed:
        raise NotPossible(_("%(authority)s has closed.") % {"authority": authority})
    if not may(found.invited_by, Permission.MANAGE_AUTHORITY, authority).allowed:
        raise NotPossible(_("Whoever sent this invitation can't invite any more. Ask for it to be sent again."))
    return found


def _join(invitation: Invitation, person: User) -> User:
    authority = invitation.authority
    with recording("authorities.accept", on=_subject(invitation), by=person) as change:
        unit = invitation.unit if invitation.unit and invitation.unit.closed_on is None else None
        for role in invitation.roles:
            grant(authority, person, Role(role), unit=unit)
        invitation.accepted_at, invitation.accepted_by = timezone.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        change.before = {"invited_by": invitation.invited_by_id}
        change.after = {"user": person.id, "roles": invitation.roles}
    return person


def _set_password(person: User, password: str | None) -> None:
    if password is not None:
        validate_password(password, person)
    person.set_password(password)


def _prove(person: User, password: str | None) -> None:
    """Nobody gets into an account by its mailbox alone."""
    if not person.has_usable_password() and person.last_login is None and password is not None:
        _set_password(person, password)  # added by a command, and never in before
        person.save(update_fields=["password"])
    elif password is None or not person.check_password(password):
        raise WrongPassword(_("You have an account here already. Give its password, or sign in first."))


def _new_token(invitation: Invitation) -> None:
    invitation.token = secrets.token_urlsafe(32)
    invitation.token_sha256 = hashlib.sha256(invitation.token.encode()).hexdigest()


def _send(invitation: Invitation) -> None:
    said = {
        "person": invitation.name,
        "inviter": invitation.invited_by.name,
        "authority": invitation.authority.name,
        "roles": ", ".join(invitation.role_names),
        "link": f"{settings.EVENHAND_ADDRESS}/invitation/{invitation.token}/",
        "day": date_format(timezone.localtime(invitation.expires_at), "j F Y, H:i"),
    }
    body = _(
        "%(person)s,\n\n%(inviter)s invites you to work for %(authority)s in Evenhand. Your role: %(roles)s.\n\n"
        "Open this address to accept:\n%(link)s\n\n"
        "It works once, until %(day)s. It is for you alone: don't pass it on. "
        "If you don't know what this is about, leave it, and nothing happens.\n"
    )
    send(
        invitation.email,
        _("Invitation to work for %(authority)s") % said,
        body % said,
        about=invitation.id,
    )


def _subject(invitation: Invitation) -> Subject:
    return Subject("invitation", invitation.id, invitation.authority_id)
