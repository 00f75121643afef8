"""Authentication. There is no sign-up: people are invited, or use their organisation's own sign-in service.

`declared` describes the settings that are read here.
"""

from datetime import timedelta

from evenhand.config.settings.environment import PRODUCTION, env, secret

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out attempt reaches no other backend
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "authorities:home"
LOGOUT_REDIRECT_URL = "public:home"

# Accounts
ACCOUNT_ADAPTER = "evenhand.sign_in.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are verified by the invitation sent to them, or by the service
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # otherwise anyone could make the site send e-mail to any address
ACCOUNT_EMAIL_NOTIFICATIONS = True  # people are told when their password or second step changes
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    # Requests are limited for all pages together (config/middleware/rate_limit.py), and attempts on one account by the
    # lock-out below. A further limit on sign-ins would only be reached before these.
    "login": None,
    "login_failed": None,
    "reset_password": "5/h/key",  # so that nobody's inbox can be flooded
}
ACCOUNT_FORMS = {
    "login": "evenhand.sign_in.forms.SignInForm",
    "reauthenticate": "evenhand.sign_in.forms.ConfirmPasswordForm",
    "change_password": "evenhand.sign_in.forms.ChangePasswordForm",
    "reset_password": "evenhand.sign_in.forms.ForgottenPasswordForm",
    "reset_password_from_key": "evenhand.sign_in.forms.SetPasswordForm",
}

# Passwords. Django's default hasher, PBKDF2, needs no further package, and each release increases its iterations.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# The second step
EVENHAND_SECOND_FACTOR_REQUIRED: bool = env.bool("EVENHAND_SECOND_FACTOR_REQUIRED", default=PRODUCTION)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as for accounts: the address was verified before the account was created
MFA_ADAPTER = "evenhand.sign_in.two_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Evenhand"
MFA_TOTP_TOLERANCE = 1  # half a minute either way, because phone clocks are not more accurate
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "evenhand.sign_in.forms.SecurityCodeForm",
    "reauthenticate": "evenhand.sign_in.forms.ConfirmByCodeForm",
    "activate_totp": "evenhand.sign_in.forms.ActivateAppForm",
    "add_webauthn": "evenhand.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "evenhand.sign_in.forms.RenamePasskeyForm",
}

# Sessions. The settings of the cookie are in `security`.
SESSION_COOKIE_AGE: int = env.int("EVENHAND_SESSION_HOURS", default=12) * 60 * 60
EVENHAND_SESSION_IDLE_SECONDS: int = env.int("EVENHAND_SESSION_IDLE_MINUTES", default=120) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Lock-out. The client address has already been determined (config/middleware/proxies.py).
AXES_HANDLER = "evenhand.sign_in.locking.AxesHandler"
AXES_CLIENT_IP_CALLABLE = "evenhand.sign_in.attempts.client_ip"
AXES_LOCKOUT_CALLABLE = "evenhand.sign_in.views.lockout.locked_out"
AXES_LOCKOUT_PARAMETERS = ["username", ["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_USERNAME_FORM_FIELD = "email"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the record of changes
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The organisation's own sign-in service
EVENHAND_OIDC_GROUPS_CLAIM: str = env.str("EVENHAND_OIDC_GROUPS_CLAIM", default="groups")
SOCIALACCOUNT_ADAPTER = "evenhand.sign_in.social_account_adapter.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if _issuer := env.str("EVENHAND_OIDC_SERVER_URL", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "service",
                "name": env.str("EVENHAND_OIDC_NAME", default="your organisation’s sign-in"),
                "client_id": env.str("EVENHAND_OIDC_CLIENT_ID", default=""),
                "secret": secret("EVENHAND_OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": _issuer.rstrip("/"),
                    "scope": env.list("EVENHAND_OIDC_SCOPES", default=["openid", "profile", "email"]),
                },
            }
        ],
    }
