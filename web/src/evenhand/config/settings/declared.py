"""Every setting that is read from the environment: its purpose, default and requirements in production."""

from dataclasses import dataclass


class DeclaredTwice(ValueError):
    """Two declarations have the same name."""


@dataclass(frozen=True)
class Setting:
    name: str
    purpose: str
    default: str = ""
    secret: bool = False  # can also be given in a file named by NAME_FILE
    production: str = ""  # the requirement in production; empty if the default is safe

    @property
    def required(self) -> bool:
        return self.production.startswith("required")


def declare(*settings: Setting) -> tuple[Setting, ...]:
    """The settings as declared. Raises DeclaredTwice, so that no setting can be described in two ways."""
    names = [setting.name for setting in settings]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise DeclaredTwice(f"Declared more than once: {', '.join(repeated)}. Keep one declaration of each.")
    return settings


SETTINGS = declare(
    Setting("EVENHAND_PRODUCTION", "refuse to start if a setting is not safe for a public site", "false"),
    Setting(
        "EVENHAND_VAR",
        "the folder for all data that is not in the database",
        "`var` in the current folder",
        production="not accessible to other users of the machine",
    ),
    Setting(
        "EVENHAND_SECRET_KEY",
        "signs sessions and links",
        "created once and stored in EVENHAND_VAR",
        secret=True,
        production="required: at least 50 random characters",
    ),
    Setting("EVENHAND_STATIC", "the folder where collectstatic puts style sheets and fonts", "EVENHAND_VAR/static"),
    Setting("EVENHAND_DEBUG", "show error details in the browser", "false", production="false"),
    Setting(
        "EVENHAND_HOSTS",
        "the host names of the site, separated by commas",
        "localhost, 127.0.0.1, [::1]",
        production="required: each host name in full",
    ),
    Setting(
        "EVENHAND_ADDRESS",
        "the public URL of the site, used in links and in security settings",
        "http://127.0.0.1 and the port of EVENHAND_BIND",
        production="required: https://…",
    ),
    Setting(
        "EVENHAND_TRUSTED_PROXIES",
        "IP addresses or networks of the reverse proxies whose X-Forwarded-… headers are trusted",
        production="required: the proxy that terminates TLS",
    ),
    Setting(
        "DATABASE_URL",
        "the database: postgres://… or sqlite:///…",
        "SQLite in EVENHAND_VAR",
        secret=True,
        production="sslmode=require or stricter, unless it is on this machine",
    ),
    Setting(
        "EVENHAND_LEDGER_KEY",
        "signs the record of changes: 32 random bytes in base64",
        "created once and stored in EVENHAND_VAR",
        secret=True,
        production="required",
    ),
    Setting(
        "EVENHAND_MAIL",
        "how messages are sent: files, or smtp://user:password@host:587?tls=starttls (or tls=implicit, tls=none); "
        "percent-encode special characters in the user name and password (@ is %40)",
        "files, in EVENHAND_VAR/mail",
        secret=True,
        production="required; tls=none only to this machine",
    ),
    Setting("EVENHAND_MAIL_FROM", "the sender address of messages", "evenhand@localhost"),
    Setting(
        "EVENHAND_WORKER_LEASE_SECONDS", "seconds without a heartbeat after which a worker is considered dead", "60"
    ),
    Setting(
        "EVENHAND_SECOND_FACTOR_REQUIRED",
        "require a second step of analysts, approvers and administrators, also if the role was delegated to them",
        "false; true in production",
        production="true",
    ),
    Setting("EVENHAND_SESSION_HOURS", "hours after which a session ends", "12"),
    Setting("EVENHAND_SESSION_IDLE_MINUTES", "minutes without a request after which a session ends", "120"),
    Setting("EVENHAND_OIDC_SERVER_URL", "the URL of your own sign-in service (OpenID Connect)", "none"),
    Setting(
        "EVENHAND_OIDC_NAME", "the name of the sign-in service, shown on its button", "your organisation’s sign-in"
    ),
    Setting("EVENHAND_OIDC_CLIENT_ID", "the client id of this site at the sign-in service"),
    Setting("EVENHAND_OIDC_CLIENT_SECRET", "the client secret of this site at the sign-in service", secret=True),
    Setting("EVENHAND_OIDC_SCOPES", "the scopes to request from the sign-in service", "openid, profile, email"),
    Setting("EVENHAND_OIDC_GROUPS_CLAIM", "the claim that lists a person’s groups", "groups"),
    Setting(
        "EVENHAND_SECURITY_CONTACT", "where to report a vulnerability: mailto:… or https://…", production="required"
    ),
    Setting("EVENHAND_REQUESTS_A_MINUTE", "requests per minute allowed for each visitor; 0 means no limit", "300"),
    Setting("EVENHAND_FORMS_A_MINUTE", "forms per minute that each visitor may submit", "60"),
    Setting(
        "EVENHAND_SIGN_INS_A_MINUTE",
        "sign-in attempts per minute allowed for each visitor; an office may share one address",
        "60",
    ),
    Setting("EVENHAND_HEAVY_A_MINUTE", "downloads and searches per minute allowed for each visitor", "60"),
    Setting("EVENHAND_WEB_PROCESSES", "number of web processes; the limits are divided between them", "2"),
    Setting("EVENHAND_BIND", "the address on which the web process listens for the reverse proxy", "127.0.0.1:8000"),
    Setting(
        "EVENHAND_METRICS_ALLOWED",
        "IP addresses or networks that may read `/metrics` and the details of `/health/ready`",
    ),
    Setting("EVENHAND_METRICS_TOKEN", "a bearer token that also gives access to them", secret=True),
    Setting("EVENHAND_FETCH_ALLOWED", "hosts in your own network from which the site may fetch data", "none"),
    Setting("EVENHAND_LOG", "log format: json (one line for each event) or plain", "plain; json in production"),
    Setting("EVENHAND_LOG_LEVEL", "the lowest level that is logged", "WARNING; INFO in production"),
)
