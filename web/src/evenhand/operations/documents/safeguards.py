"""The technical measures in the drafts, each read from the setting or constant that implements it."""

from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from evenhand.authorities.permissions import roles_with
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.operations.backup.encryption import SCRYPT_COST
from evenhand.sign_in.queries import NEEDS_SECOND_FACTOR
from evenstat.disclosure import SUPPRESSION_POLICIES


def safeguards() -> tuple[str, ...]:
    return (*_sign_in_measures(), *_access_measures(), *_storage_measures(), *_erasure_measures())


def _sign_in_measures() -> tuple[str, ...]:
    hasher = import_string(settings.PASSWORD_HASHERS[0])
    configured = cast(list[dict[str, Any]], settings.AUTH_PASSWORD_VALIDATORS)
    validators = {validator["NAME"].rpartition(".")[2]: validator.get("OPTIONS", {}) for validator in configured}
    min_length = validators["MinimumLengthValidator"]["min_length"]
    assert "CommonPasswordValidator" in validators
    roles = ", ".join(str(role.label) for role in sorted(NEEDS_SECOND_FACTOR, key=str))
    lockout_minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return (
        "Accounts: nobody can sign up. People need an invitation, or an account with the authority's sign-in service.",
        f"Passwords: at least {min_length} characters and not a common password, stored as {hasher.algorithm} with "
        f"{hasher.iterations:,} iterations and never as plain text.",
        f"Two-factor authentication (a code or a passkey): required, in production, for the roles {roles}.",
        f"Lock-out: after {settings.AXES_FAILURE_LIMIT} failures an account is locked for {lockout_minutes} minutes.",
        f"Sessions: end after {settings.SESSION_COOKIE_AGE // 3600} hours, or after "
        f"{settings.EVENHAND_SESSION_IDLE_SECONDS // 60} minutes without activity. People can end their own sessions.",
    )


def _access_measures() -> tuple[str, ...]:
    roles = ", ".join(str(role.label) for role in roles_with(SEE_UNPROTECTED))
    policies = "; ".join(policy.name for policy in SUPPRESSION_POLICIES)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    return (
        f"Only the role {roles} can see unprotected figures, and each access is logged.",
        f"Figures are published only after they have been protected under a named policy ({policies}), checked, and "
        "approved by a second person.",
        "Authorities can't see each other's drafts or people. Access to every page is tested for every role.",
        "Pages run no third-party scripts and load nothing from other sites. Other sites can't frame them.",
        "In production the site does not start with unsafe settings or without encrypted connections.",
    )


def _storage_measures() -> tuple[str, ...]:
    return (
        "Every change is recorded: who, what, when and why. The record is a hash chain with signed checkpoints, which "
        "shows whether an entry has been altered or removed.",
        f"Backups are encrypted with AES-256-GCM; the key is derived from a passphrase (scrypt, cost 2^{SCRYPT_COST}). "
        "They can be checked by reading them back.",
        "Only the user that runs the site can read its files. Logs contain no names or addresses.",
        "The text of a message is deleted as soon as it has been sent.",
    )


def _erasure_measures() -> tuple[str, ...]:
    options = settings.DATABASES["default"].get("OPTIONS", {})
    assert "secure_delete=ON" in options.get("init_command", "secure_delete=ON"), (
        "SQLite must overwrite what it deletes"
    )
    return (
        "Subject access, objection and erasure requests are supported, with a deadline of one month.",
        "After an erasure, every table and file is searched to confirm it, and the free space of the database is "
        "overwritten. People who return with an older backup are erased again.",
        "A nightly task deletes data at the end of its retention period.",
    )
