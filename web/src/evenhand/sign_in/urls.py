from allauth.account.views import account_inactive, logout, password_reset_done, password_reset_from_key_done
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import edit_webauthn, list_webauthn, login_webauthn, remove_webauthn
from django.urls import include, path, re_path

from evenhand.sign_in.views import account, entrance, helping, invitation, second_steps, service, sessions
from evenhand.sign_in.views.pages import with_passkeys

PERSON = "work/<slug:authority>/people/<uuid:person>/sign-in/"
# The library looks for its addresses by these names; what is not here can't be reached.
OURS = [
    path("account/", account.account, name="account"),
    path("account/second-step/app/picture.svg", second_steps.picture, name="picture"),
    path("account/sessions/<int:session>/end/", sessions.end, name="end_session"),
    path("account/sessions/end-others/", sessions.end_others, name="end_other_sessions"),
    path(PERSON, helping.helping, name="help"),
    path(f"{PERSON}unlock/", helping.unlock, name="unlock"),
    path(f"{PERSON}remove-second-steps/", helping.remove_second_steps, name="remove_second_steps"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
SECOND_STEP, PASSKEYS = "account/second-step/", "account/passkeys/"

urlpatterns = [
    path("", include((OURS, "sign_in"))),
    path("sign-in/", with_passkeys(entrance.SignIn.as_view()), name="account_login"),
    path("sign-in/code/", with_passkeys(entrance.SecondStep.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/no-access/", account_inactive, name="account_inactive"),
    path("sign-in/forgotten/", entrance.Forgotten.as_view(), name="account_reset_password"),
    path("sign-in/forgotten/sent/", password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        entrance.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sign-in/new-password/", password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("sign-in/service/cancelled/", service.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/service/<slug:provider_id>/", service.there, name="openid_connect_login"),
    path("sign-in/service/<slug:provider_id>/back/", service.back, name="openid_connect_callback"),
    path("sign-out/", logout, name="account_logout"),
    path("account/password/", account.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm/", account.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", account.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        with_passkeys(account.ConfirmByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/sessions/", sessions.sessions, name="usersessions_list"),
    path(SECOND_STEP, second_steps.SecondSteps.as_view(), name="mfa_index"),
    path(f"{SECOND_STEP}app/", activate_totp, name="mfa_activate_totp"),
    path(f"{SECOND_STEP}app/remove/", second_steps.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path(f"{SECOND_STEP}recovery-codes/", second_steps.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(f"{SECOND_STEP}recovery-codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(PASSKEYS, list_webauthn, name="mfa_list_webauthn"),
    path(f"{PASSKEYS}add/", with_passkeys(second_steps.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(f"{PASSKEYS}<int:pk>/name/", edit_webauthn, name="mfa_edit_webauthn"),
    path(f"{PASSKEYS}<int:pk>/remove/", remove_webauthn, name="mfa_remove_webauthn"),
]
