"""How people sign in. Nobody can sign up: people are invited, or come through their body's own sign-in service.

EVENHAND_SECOND_FACTOR_REQUIRED  analysts, approvers and administrators need a second step (default: in production)
EVENHAND_SESSION_HOURS           a session ends after so many hours (12)
EVENHAND_SESSION_IDLE_MINUTES    and when nothing was opened for so many minutes (120)
EVENHAND_OIDC_SERVER_URL         the issuer of the body's own sign-in service; empty: there is none
EVENHAND_OIDC_NAME               what people call it, on the button
EVENHAND_OIDC_CLIENT_ID          what the service knows this site as
EVENHAND_OIDC_CLIENT_SECRET      its secret, or EVENHAND_OIDC_CLIENT_SECRET_FILE
EVENHAND_OIDC_GROUPS_CLAIM       the claim with the person's groups (groups)
EVENHAND_OIDC_SCOPES             what is asked for (openid,profile,email)
"""

from datetime import timedelta

from evenhand.config.settings.environment import PRODUCTION, env, secret

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out attempt reaches no other
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "authorities:home"
LOGOUT_REDIRECT_URL = "public:home"

# Accounts
ACCOUNT_ADAPTER = "evenhand.sign_in.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation that was sent to it, or by the service
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anyone could have the site write to anyone
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the person learns of a changed password and of a second step that came or went
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    # How often one visitor may ask is settled for all pages at once (config/middleware/limits.py), and the lock below
    # settles how often one account may be tried. A second count of the same would only be met first.
    "login": None,
    "login_failed": None,
    "reset_password": "5/h/key",  # nobody's letter box is to be filled
}
ACCOUNT_FORMS = {
    "login": "evenhand.sign_in.forms.SignIn",
    "reauthenticate": "evenhand.sign_in.forms.Confirm",
    "change_password": "evenhand.sign_in.forms.ChangePassword",
    "reset_password": "evenhand.sign_in.forms.ForgottenPassword",
    "reset_password_from_key": "evenhand.sign_in.forms.NewPassword",
}

# Passwords. The hash is Django's own, PBKDF2: it needs no further package, and each release makes it slower.
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
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as for accounts: the address was proved before there was one
MFA_ADAPTER = "evenhand.sign_in.second_steps.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Evenhand"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: telephones' clocks are not better
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "evenhand.sign_in.forms.Code",
    "reauthenticate": "evenhand.sign_in.forms.ConfirmByCode",
    "activate_totp": "evenhand.sign_in.forms.FirstCode",
    "add_webauthn": "evenhand.sign_in.forms.AddPasskey",
    "edit_webauthn": "evenhand.sign_in.forms.NamePasskey",
}

# Sessions. What a browser may do with the cookie is said in `security`.
SESSION_COOKIE_AGE: int = env.int("EVENHAND_SESSION_HOURS", default=12) * 60 * 60
EVENHAND_SESSION_IDLE_SECONDS: int = env.int("EVENHAND_SESSION_IDLE_MINUTES", default=120) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# What counts attempts must be one for all processes, or each would allow as many again.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "sign_in_cache"}}

# Lock-out. Where a request comes from is settled before (config/middleware/visitors.py).
AXES_HANDLER = "evenhand.sign_in.locking.Attempts"
AXES_CLIENT_IP_CALLABLE = "evenhand.sign_in.attempts.address_of"
AXES_LOCKOUT_CALLABLE = "evenhand.sign_in.views.locked.locked"
AXES_LOCKOUT_PARAMETERS = ["username", ["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_USERNAME_FORM_FIELD = "email"
AXES_DISABLE_ACCESS_LOG = True  # the record of changes has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The body's own sign-in service
EVENHAND_OIDC_GROUPS_CLAIM: str = env.str("EVENHAND_OIDC_GROUPS_CLAIM", default="groups")
SOCIALACCOUNT_ADAPTER = "evenhand.sign_in.service_people.ServicePeople"
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
