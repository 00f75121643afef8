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
from evenhand.authorities.invented_checks import check_can_work_for, check_has_staff
from evenhand.authorities.memberships import check_not_own_role, check_open, check_unit, grant_role, lock
from evenhand.authorities.models import Authority, Invitation, Unit, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import roles_of
from evenhand.ledger.actions import Subject, recording
from evenhand.notifications.actions import send

OPEN_FOR = timedelta(days=7)
MIN_INTERVAL = timedelta(minutes=1)  # otherwise a double click would make the link in the first email invalid


def invite(
    authority: Authority, *, by: User, email: str, name: str, roles: Collection[Role], unit: Unit | None = None
) -> Invitation:
    """Email the person a link that works once. Its token is in the email and in the returned invitation's `token`."""
    may(by, MANAGE_AUTHORITY, authority).require()
    email, now, unique_roles = email.strip().lower(), timezone.now(), sorted({Role(role) for role in roles})
    validate_email(email)
    with recording("authorities.invite", by=by) as change:
        locked = lock(authority)
        check_open(locked)
        check_unit(unit, locked)
        _check_invited(locked, email, unique_roles, by=by)
        invitation = Invitation(
            authority=locked,
            email=email,
            name=name.strip(),
            roles=unique_roles,
            unit=unit,
            invited_by=by,
            sent_at=now,
            expires_at=now + OPEN_FOR,
        )
        _set_token(invitation)
        invitation.full_clean(exclude=["unit", "accepted_at", "accepted_by", "withdrawn_at"])
        invitation.save()
        _send(invitation)
        change.subject = _subject(invitation)
        change.after = {"roles": unique_roles, "unit": unit.id if unit else None, "expires_at": invitation.expires_at}
    return invitation


def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """Send a new link, which replaces the old one. An expired invitation becomes open again."""
    may(by, MANAGE_AUTHORITY, invitation.authority).require()
    with recording("authorities.send_again", on=_subject(invitation), by=by) as change:
        check_open(lock(invitation.authority))
        locked = _lock_unanswered(invitation)
        if timezone.now() - locked.sent_at < MIN_INTERVAL:
            raise NotPossible(_("This invitation was sent less than a minute ago. Wait a minute, then try again."))
        change.before = {"expires_at": locked.expires_at}
        if user := User.objects.filter(email=locked.email).first():
            check_not_own_role(by, user, {Role(role) for role in locked.roles})
        locked.invited_by = by  # the person who sends it is now responsible for it
        locked.sent_at = timezone.now()
        locked.expires_at = locked.sent_at + OPEN_FOR
        _set_token(locked)
        locked.save(update_fields=["sent_at", "expires_at", "token_sha256", "invited_by"])
        _send(locked)
        change.after = {"expires_at": locked.expires_at}
    return locked


def withdraw(invitation: Invitation, *, by: User) -> None:
    """Invalidate the link. No effect if the invitation is already withdrawn."""
    may(by, MANAGE_AUTHORITY, invitation.authority).require()
    with transaction.atomic():
        lock(invitation.authority)
        if Invitation.objects.filter(id=invitation.id).exclude(withdrawn_at=None).exists():
            return
        locked = _lock_unanswered(invitation)
        with recording("authorities.withdraw", on=_subject(locked), by=by) as change:
            locked.withdrawn_at = timezone.now()
            locked.save(update_fields=["withdrawn_at"])
            change.after = {"withdrawn_at": locked.withdrawn_at}


def accept(invitation: Invitation, *, password: str | None, name: str) -> User:
    """Accept the invitation with a new account, an existing one (which needs its password), or a deactivated one.

    There is no permission check: following the link proves access to the mailbox. `password` is None if a sign-in
    service has authenticated the person.
    """
    with transaction.atomic():
        locked = _lock_acceptable(invitation)
        person = User.objects.select_for_update().filter(email=locked.email, is_operator=False).first()
        if person is None:
            person = User(email=locked.email, name=name.strip(), invented=locked.authority.invented)
            _set_password(person, password)
            person.full_clean(exclude=["password", "last_login", "left_at"])
            person.save()
        elif not person.is_active:
            person.name, person.is_active, person.left_at = name.strip(), True, None
            _set_password(person, password)
            person.save()
        else:
            _check_password(person, password)
        return _join(locked, person)


def accept_as(invitation: Invitation, *, by: User) -> User:
    """Accept the invitation as the signed-in person, whose email address must be the one it was sent to."""
    with transaction.atomic():
        locked = _lock_acceptable(invitation)
        if not by.is_active or by.email != locked.email:
            raise NotPossible(
                _("This invitation was sent to a different email address. Sign out, then open the link again.")
            )
        return _join(locked, by)


def _check_invited(authority: Authority, email: str, roles: Collection[Role], *, by: User) -> None:
    if not roles:
        raise NotPossible(_("Select at least one role."))
    check_has_staff(authority)
    user = User.objects.filter(email=email).first()
    if user and user.is_operator:
        raise NotPossible(_("This email address is reserved for the server."))
    if user:
        check_can_work_for(user, authority)
        new_roles = set(roles) - roles_of(user, authority)
        if not new_roles and user.is_active:
            raise NotPossible(
                _("%(person)s already has this role at %(authority)s.") % {"person": user, "authority": authority}
            )
        check_not_own_role(by, user, new_roles)
    earlier = Invitation.objects.filter(authority=authority, email=email, accepted_at=None, withdrawn_at=None)
    for invitation in earlier:
        if not invitation.has_expired:
            raise NotPossible(
                _("An invitation was sent to this email address on %(day)s. Send it again or withdraw it.")
                % {"day": date_format(timezone.localtime(invitation.sent_at), "j F Y")}
            )
    earlier.update(withdrawn_at=timezone.now())  # expired ones make way for the new one


def _lock_unanswered(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update().get(id=invitation.id)
    if locked.accepted_at is not None:
        raise NotPossible(_("%(person)s has already accepted this invitation.") % {"person": locked.name})
    if locked.withdrawn_at is not None:
        raise NotPossible(_("This invitation was withdrawn."))
    return locked


def _lock_acceptable(invitation: Invitation) -> Invitation:
    """Lock the invitation, so that it is accepted only once, and check that the person followed its latest link."""
    authority = lock(invitation.authority)
    locked = _lock_unanswered(invitation)
    if locked.has_expired or locked.token_sha256 != invitation.token_sha256:
        raise NotPossible(_("This invitation has expired. Ask the person who sent it to send it again."))
    if authority.is_closed:
        raise NotPossible(_("%(authority)s has closed.") % {"authority": authority})
    if not may(locked.invited_by, MANAGE_AUTHORITY, authority).allowed:
        raise NotPossible(
            _("The person who sent this invitation is no longer an administrator. Ask for it to be sent again.")
        )
    return locked


def _join(invitation: Invitation, person: User) -> User:
    authority = invitation.authority
    with recording("authorities.accept", on=_subject(invitation), by=person) as change:
        unit = invitation.unit if invitation.unit and invitation.unit.closed_on is None else None
        for role in invitation.roles:
            grant_role(authority, person, Role(role), unit=unit)
        invitation.accepted_at, invitation.accepted_by = timezone.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        change.before = {"invited_by": invitation.invited_by_id}
        change.after = {"user": person.id, "roles": invitation.roles}
    return person


def _set_password(person: User, password: str | None) -> None:
    if password is not None:
        validate_password(password, person)
    person.set_password(password)


def _check_password(person: User, password: str | None) -> None:
    """Access to the mailbox alone is not enough to get into an existing account."""
    if not person.has_usable_password() and person.last_login is None and password is not None:
        _set_password(person, password)  # added by a command, and has never signed in
        person.save(update_fields=["password"])
    elif password is None or not person.check_password(password):
        raise WrongPassword(_("You already have an account. Enter its password, or sign in first."))


def _set_token(invitation: Invitation) -> None:
    invitation.token = secrets.token_urlsafe(32)
    invitation.token_sha256 = hashlib.sha256(invitation.token.encode()).hexdigest()


def _send(invitation: Invitation) -> None:
    context = {
        "person": invitation.name,
        "inviter": invitation.invited_by.name,
        "authority": invitation.authority.name,
        "roles": ", ".join(invitation.role_names),
        "link": f"{settings.EVENHAND_ADDRESS}/invitation/{invitation.token}/",
        "day": date_format(timezone.localtime(invitation.expires_at), "j F Y, H:i"),
    }
    body = _(
        "%(person)s,\n\n%(inviter)s has invited you to work for %(authority)s in Evenhand. Your role: %(roles)s.\n\n"
        "To accept, open this link:\n%(link)s\n\n"
        "The link works once, until %(day)s. It is only for you: do not share it. "
        "If you were not expecting this invitation, ignore this email.\n"
    )
    send(
        invitation.email,
        _("Invitation to work for %(authority)s") % context,
        body % context,
        about=invitation.id,
    )


def _subject(invitation: Invitation) -> Subject:
    return Subject("invitation", invitation.id, invitation.authority_id)
