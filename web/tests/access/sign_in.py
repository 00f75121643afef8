from access.authorities import ADMIN, person
from access.rules import ANYONE, SIGNED_IN, Rule

# Who asks here has neither password, second step nor session of a browser; what such a person lacks, and any wrong
# link, does not exist (404) for everyone alike, and that is then the answer to be seen.
GONE = {"answers": frozenset({404}), "elsewhere": 0}
ON = {"answers": frozenset({302})}  # sent on, to where they can go
STEP = "/account/second-step/"

RULES = {
    # someone who is signed in already is sent on to their work
    "account_login": Rule("/sign-in/", opens=ANYONE, posts=ANYONE, answers=frozenset({200, 302})),
    # a stranger has not given a password yet, and is sent to where one does
    "mfa_authenticate": Rule("/sign-in/code/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "mfa_login_webauthn": Rule("/sign-in/passkey/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "account_inactive": Rule("/sign-in/no-access/", opens=ANYONE),
    "account_reset_password": Rule("/sign-in/forgotten/", opens=ANYONE, posts=ANYONE),
    "account_reset_password_done": Rule("/sign-in/forgotten/sent/", opens=ANYONE),
    "account_reset_password_from_key": Rule(
        "/sign-in/new-password/1-wrong/", opens=ANYONE, posts=ANYONE, answers=frozenset({410})
    ),
    "account_reset_password_from_key_done": Rule("/sign-in/new-password/", opens=ANYONE),
    # no service is set up here
    "openid_connect_login": Rule("/sign-in/service/service/", opens=ANYONE, **GONE),
    "openid_connect_callback": Rule("/sign-in/service/service/back/", opens=ANYONE, **GONE),
    "socialaccount_login_cancelled": Rule("/sign-in/service/cancelled/", opens=ANYONE),
    "sign_in:invitation": Rule("/invitation/wrong/", opens=ANYONE, posts=ANYONE, **GONE),
    "sign_in:help": Rule(lambda body: person(body, "sign-in/"), opens=ADMIN),
    "sign_in:unlock": Rule(lambda body: person(body, "sign-in/unlock/"), opens=ADMIN, posts=ADMIN, only_posts=True),
    "sign_in:remove_second_steps": Rule(
        lambda body: person(body, "sign-in/remove-second-steps/"), opens=ADMIN, posts=ADMIN
    ),
    # a stranger is signed out already, and is sent home
    "account_logout": Rule("/sign-out/", opens=ANYONE, posts=ANYONE, answers=frozenset({200, 302})),
    "sign_in:account": Rule("/account/", opens=SIGNED_IN),
    "account_change_password": Rule("/account/password/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "account_reauthenticate": Rule("/account/confirm/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "mfa_reauthenticate": Rule("/account/confirm/code/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "mfa_reauthenticate_webauthn": Rule("/account/confirm/passkey/", opens=SIGNED_IN, posts=SIGNED_IN, **ON),
    "usersessions_list": Rule("/account/sessions/", opens=SIGNED_IN),
    "sign_in:end_session": Rule("/account/sessions/0/end/", opens=SIGNED_IN, posts=SIGNED_IN, only_posts=True, **GONE),
    "sign_in:end_other_sessions": Rule(
        "/account/sessions/end-others/", opens=SIGNED_IN, posts=SIGNED_IN, only_posts=True
    ),
    "mfa_index": Rule(STEP, opens=SIGNED_IN),
    "mfa_activate_totp": Rule(f"{STEP}app/", opens=SIGNED_IN, posts=SIGNED_IN),
    "sign_in:picture": Rule(f"{STEP}app/picture.svg", opens=SIGNED_IN, answers=frozenset({200, 404}), elsewhere=0),
    "mfa_deactivate_totp": Rule(
        f"{STEP}app/remove/", opens=SIGNED_IN, posts=SIGNED_IN, answers=frozenset({302}), elsewhere=0
    ),
    "mfa_view_recovery_codes": Rule(f"{STEP}recovery-codes/", opens=SIGNED_IN, **ON),
    "mfa_generate_recovery_codes": Rule(f"{STEP}recovery-codes/new/", opens=SIGNED_IN, posts=SIGNED_IN),
    "mfa_list_webauthn": Rule("/account/passkeys/", opens=SIGNED_IN),
    "mfa_add_webauthn": Rule("/account/passkeys/add/", opens=SIGNED_IN, posts=SIGNED_IN),
    "mfa_edit_webauthn": Rule("/account/passkeys/0/name/", opens=SIGNED_IN, posts=SIGNED_IN, **GONE),
    "mfa_remove_webauthn": Rule("/account/passkeys/0/remove/", opens=SIGNED_IN, posts=SIGNED_IN, **GONE),
}
