from allauth.account.views import account_inactive, logout, password_reset_from_key_done
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import edit_webauthn, list_webauthn, login_webauthn, remove_webauthn
from django.urls import include, path, re_path

from evenhand.sign_in.views import account, invitation, login, oidc, sessions, sign_in_help, two_factor
from evenhand.sign_in.views.page_context import with_passkeys

PERSON = "work/<slug:authority>/people/<uuid:person>/sign-in/"
# allauth reverses its URLs by these names. Views of allauth that are not listed here can't be reached.
OWN_URLS = [
    path("account/", account.account, name="account"),
    path("account/second-step/app/picture.svg", two_factor.qr_code, name="qr_code"),
    path("account/sessions/<int:session>/end/", sessions.end_session, name="end_session"),
    path("account/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path(PERSON, sign_in_help.sign_in_help, name="help"),
    path(f"{PERSON}unlock/", sign_in_help.unlock, name="unlock"),
    path(f"{PERSON}remove-second-steps/", sign_in_help.remove_second_factors, name="remove_second_factors"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
TWO_FACTOR, PASSKEYS = "account/second-step/", "account/passkeys/"

urlpatterns = [
    path("", include((OWN_URLS, "sign_in"))),
    path("sign-in/", with_passkeys(login.SignInView.as_view()), name="account_login"),
    path("sign-in/code/", with_passkeys(login.SecondFactorView.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/no-access/", account_inactive, name="account_inactive"),
    path("sign-in/forgotten/", login.ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("sign-in/forgotten/sent/", login.ResetSentView.as_view(), name="account_reset_password_done"),
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        login.SetPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sign-in/new-password/", password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("sign-in/service/cancelled/", oidc.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/service/<slug:provider_id>/", oidc.begin, name="openid_connect_login"),
    path("sign-in/service/<slug:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-out/", logout, name="account_logout"),
    path("account/password/", account.ChangePasswordView.as_view(), name="account_change_password"),
    path("account/confirm/", account.ConfirmPasswordView.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", account.ConfirmByCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        with_passkeys(account.ConfirmByPasskeyView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/sessions/", sessions.session_list, name="usersessions_list"),
    path(TWO_FACTOR, two_factor.TwoFactorView.as_view(), name="mfa_index"),
    path(f"{TWO_FACTOR}app/", activate_totp, name="mfa_activate_totp"),
    path(f"{TWO_FACTOR}app/remove/", two_factor.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path(f"{TWO_FACTOR}recovery-codes/", two_factor.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(f"{TWO_FACTOR}recovery-codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(PASSKEYS, list_webauthn, name="mfa_list_webauthn"),
    path(f"{PASSKEYS}add/", with_passkeys(two_factor.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path(f"{PASSKEYS}<int:pk>/name/", edit_webauthn, name="mfa_edit_webauthn"),
    path(f"{PASSKEYS}<int:pk>/remove/", remove_webauthn, name="mfa_remove_webauthn"),
]
