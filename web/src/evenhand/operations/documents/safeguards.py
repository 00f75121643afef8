"""The technical measures that the drafts name, each read from the setting or the constant that makes it so."""

from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from evenhand.authorities.permissions import Permission
from evenhand.operations.archive_sealed import COST
from evenhand.operations.documents.facts import holders
from evenhand.sign_in.queries import NEEDS_SECOND_STEP
from evenstat.disclosure import HIDING


def safeguards() -> tuple[str, ...]:
    return (*_signing_in(), *_seeing(), *_keeping(), *_erasing())


def _signing_in() -> tuple[str, ...]:
    hasher = import_string(settings.PASSWORD_HASHERS[0])
    asked = cast(list[dict[str, Any]], settings.AUTH_PASSWORD_VALIDATORS)
    validators = {each["NAME"].rpartition(".")[2]: each.get("OPTIONS", {}) for each in asked}
    shortest = validators["MinimumLengthValidator"]["min_length"]
    assert "CommonPasswordValidator" in validators
    roles = ", ".join(str(role.label) for role in sorted(NEEDS_SECOND_STEP, key=str))
    locked = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return (
        "Accounts: nobody can sign up. People are invited, or come through the authority's own sign-in service.",
        f"Passwords: at least {shortest} characters, none of the common ones, stored as {hasher.algorithm} with "
        f"{hasher.iterations:,} rounds and never in the clear.",
        f"A second step (a code or a passkey) is asked, in production, of: {roles}.",
        f"Lock-out: after {settings.AXES_FAILURE_LIMIT} failures an account is closed to guesses for {locked} minutes.",
        f"Sessions end after {settings.SESSION_COOKIE_AGE // 3600} hours, or after "
        f"{settings.EVENHAND_SESSION_IDLE_SECONDS // 60} minutes without a page, and can be ended by the person.",
    )


def _seeing() -> tuple[str, ...]:
    seers = ", ".join(str(role.label) for role in holders(Permission.SEE_UNPROTECTED))
    policies = "; ".join(policy.name for policy in HIDING)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    return (
        f"Unprotected figures are seen by the role {seers} alone, and each look is recorded.",
        f"Figures leave the system through publications alone, protected by a named policy ({policies}), checked, and "
        "approved by a second person.",
        "Another authority's drafts and people can't be seen; every address is tested for every role.",
        "Pages run no script of others and load nothing from elsewhere; other sites can't frame them.",
        "In production the site refuses to start with a setting that is not safe, and without encrypted connections.",
    )


def _keeping() -> tuple[str, ...]:
    return (
        "Every change is recorded: who, what, when and why, in a chain that shows if an entry was altered or removed, "
        "with signed checkpoints.",
        f"Backups are sealed with AES-256-GCM under a key worked out from a passphrase (scrypt, cost 2^{COST}), and "
        "proved by reading them back.",
        "Files of the site are readable by its own user alone. Logs hold no names and no addresses.",
        "The text of a message is deleted as soon as it is sent.",
    )


def _erasing() -> tuple[str, ...]:
    options = settings.DATABASES["default"].get("OPTIONS", {})
    assert "secure_delete=ON" in options.get("init_command", "secure_delete=ON"), (
        "SQLite must overwrite what it deletes"
    )
    return (
        "Subject access, objection and erasure are commands and screens with a clock of one month.",
        "An erasure is proved by looking through every table and file afterwards; the free space of the database is "
        "overwritten; who comes back with an older backup is erased again.",
        "A nightly clock deletes what has been kept as long as it may be.",
    )
