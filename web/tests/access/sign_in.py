from access.authorities import ADMIN, person
from access.rules import ANYONE, SIGNED_IN, Rule

# The test users have no password, second factor or browser session. For anything that they lack, and for any
# wrong link, everyone gets the same response (404).
NOT_FOUND = {"statuses": frozenset({404}), "elsewhere": 0}
REDIRECT = {"statuses": frozenset({302})}
TWO_FACTOR = "/account/second-step/"

RULES = {
    # people who are already signed in are redirected to their work
    "account_login": Rule("/sign-in/", opens=ANYONE, posts=ANYONE, statuses=frozenset({200, 302})),
    # anonymous visitors have not entered a password yet, and are redirected to the sign-in page
    "mfa_authenticate": Rule("/sign-in/code/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "mfa_login_webauthn": Rule("/sign-in/passkey/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "account_inactive": Rule("/sign-in/no-access/", opens=ANYONE),
    "account_reset_password": Rule("/sign-in/forgotten/", opens=ANYONE, posts=ANYONE),
    "account_reset_password_done": Rule("/sign-in/forgotten/sent/", opens=ANYONE),
    "account_reset_password_from_key": Rule(
        "/sign-in/new-password/1-wrong/", opens=ANYONE, posts=ANYONE, statuses=frozenset({410})
    ),
    "account_reset_password_from_key_done": Rule("/sign-in/new-password/", opens=ANYONE),
    # no single sign-on service is set up here
    "openid_connect_login": Rule("/sign-in/service/service/", opens=ANYONE, **NOT_FOUND),
    "openid_connect_callback": Rule("/sign-in/service/service/back/", opens=ANYONE, **NOT_FOUND),
    "socialaccount_login_cancelled": Rule("/sign-in/service/cancelled/", opens=ANYONE),
    "sign_in:invitation": Rule("/invitation/wrong/", opens=ANYONE, posts=ANYONE, **NOT_FOUND),
    "sign_in:help": Rule(lambda body: person(body, "sign-in/"), opens=ADMIN),
    "sign_in:unlock": Rule(lambda body: person(body, "sign-in/unlock/"), opens=ADMIN, posts=ADMIN, only_posts=True),
    "sign_in:remove_second_factors": Rule(
        lambda body: person(body, "sign-in/remove-second-steps/"), opens=ADMIN, posts=ADMIN
    ),
    # anonymous visitors are redirected to the home page
    "account_logout": Rule("/sign-out/", opens=ANYONE, posts=ANYONE, statuses=frozenset({200, 302})),
    "sign_in:account": Rule("/account/", opens=SIGNED_IN),
    "account_change_password": Rule("/account/password/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "account_reauthenticate": Rule("/account/confirm/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "mfa_reauthenticate": Rule("/account/confirm/code/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "mfa_reauthenticate_webauthn": Rule("/account/confirm/passkey/", opens=SIGNED_IN, posts=SIGNED_IN, **REDIRECT),
    "usersessions_list": Rule("/account/sessions/", opens=SIGNED_IN),
    "sign_in:end_session": Rule(
        "/account/sessions/0/end/", opens=SIGNED_IN, posts=SIGNED_IN, only_posts=True, **NOT_FOUND
    ),
    "sign_in:end_other_sessions": Rule(
        "/account/sessions/end-others/", opens=SIGNED_IN, posts=SIGNED_IN, only_posts=True
    ),
    "mfa_index": Rule(TWO_FACTOR, opens=SIGNED_IN),
    "mfa_activate_totp": Rule(f"{TWO_FACTOR}app/", opens=SIGNED_IN, posts=SIGNED_IN),
    "sign_in:qr_code": Rule(
        f"{TWO_FACTOR}app/picture.svg", opens=SIGNED_IN, statuses=frozenset({200, 404}), elsewhere=0
    ),
    "mfa_deactivate_totp": Rule(
        f"{TWO_FACTOR}app/remove/", opens=SIGNED_IN, posts=SIGNED_IN, statuses=frozenset({302}), elsewhere=0
    ),
    "mfa_view_recovery_codes": Rule(f"{TWO_FACTOR}recovery-codes/", opens=SIGNED_IN, **REDIRECT),
    "mfa_generate_recovery_codes": Rule(f"{TWO_FACTOR}recovery-codes/new/", opens=SIGNED_IN, posts=SIGNED_IN),
    "mfa_list_webauthn": Rule("/account/passkeys/", opens=SIGNED_IN),
    "mfa_add_webauthn": Rule("/account/passkeys/add/", opens=SIGNED_IN, posts=SIGNED_IN),
    "mfa_edit_webauthn": Rule("/account/passkeys/0/name/", opens=SIGNED_IN, posts=SIGNED_IN, **NOT_FOUND),
    "mfa_remove_webauthn": Rule("/account/passkeys/0/remove/", opens=SIGNED_IN, posts=SIGNED_IN, **NOT_FOUND),
}
