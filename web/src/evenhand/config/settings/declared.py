"""Every name that the environment may give: what it is for, and what production asks of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    name: str
    what: str
    default: str = ""
    secret: bool = False  # may then stand in a file that NAME_FILE names
    production: str = ""  # what production asks for, in words; nothing where the default is safe

    @property
    def required(self) -> bool:
        return self.production.startswith("required")


SETTINGS = (
    Setting(
        "EVENHAND_PRODUCTION", "refuses to start with a setting that is not safe where others can reach it", "false"
    ),
    Setting(
        "EVENHAND_VAR",
        "the folder of all data that is not in the database",
        "`var` where it is started",
        production="closed to other users of the machine",
    ),
    Setting(
        "EVENHAND_SECRET_KEY",
        "signs sessions and links",
        "made once, kept in EVENHAND_VAR",
        secret=True,
        production="required: 50 characters or more, made at random",
    ),
    Setting("EVENHAND_STATIC", "where collectstatic puts style sheets and fonts", "EVENHAND_VAR/static"),
    Setting("EVENHAND_DEBUG", "shows faults in the browser", "false", production="false"),
    Setting(
        "EVENHAND_HOSTS",
        "the names that it answers to, with commas between",
        "localhost, 127.0.0.1, [::1]",
        production="required: each name in full",
    ),
    Setting(
        "EVENHAND_ADDRESS",
        "where people reach it, for links and for what a browser may send",
        "http://127.0.0.1:8000",
        production="required: https://…",
    ),
    Setting(
        "EVENHAND_TRUSTED_PROXIES",
        "addresses or networks of the proxies in front, whose X-Forwarded-… headers are believed",
        production="required: the proxy that ends TLS",
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
        "made once, kept in EVENHAND_VAR",
        secret=True,
        production="required",
    ),
    Setting(
        "EVENHAND_MAIL",
        "how messages leave: files, or smtp://user:password@host:587",
        "files, in EVENHAND_VAR/mail",
        secret=True,
        production="required; tls=none only to this machine",
    ),
    Setting("EVENHAND_MAIL_FROM", "the address that messages come from", "evenhand@localhost"),
    Setting("EVENHAND_WORKER_LEASE_SECONDS", "a worker that is silent for so long is taken for dead", "60"),
    Setting(
        "EVENHAND_SECOND_FACTOR_REQUIRED",
        "staff confirm each sign-in with a second step",
        "false; true in production",
        production="true",
    ),
    Setting("EVENHAND_SESSION_HOURS", "how long a sign-in lasts at the most", "12"),
    Setting("EVENHAND_SESSION_IDLE_MINUTES", "how long it lasts without a page being opened", "120"),
    Setting("EVENHAND_OIDC_SERVER_URL", "your own sign-in service (OpenID Connect): its address", "none"),
    Setting("EVENHAND_OIDC_NAME", "what its button says", "your organisation’s sign-in"),
    Setting("EVENHAND_OIDC_CLIENT_ID", "what it calls this site"),
    Setting("EVENHAND_OIDC_CLIENT_SECRET", "what it knows this site by", secret=True),
    Setting("EVENHAND_OIDC_SCOPES", "what it is asked for", "openid, profile, email"),
    Setting("EVENHAND_OIDC_GROUPS_CLAIM", "where it says which groups a person is in", "groups"),
    Setting("EVENHAND_SECURITY_CONTACT", "where to report a weakness: mailto:… or https://…", production="required"),
    Setting("EVENHAND_REQUESTS_A_MINUTE", "for each visitor; 0 is no limit", "300"),
    Setting("EVENHAND_FORMS_A_MINUTE", "sent by each visitor", "60"),
    Setting("EVENHAND_SIGN_INS_A_MINUTE", "sent by each visitor to the sign-in; an office may share one address", "60"),
    Setting("EVENHAND_HEAVY_A_MINUTE", "files and searches, for each visitor", "60"),
    Setting("EVENHAND_WEB_PROCESSES", "processes that answer; the limits are shared out among them", "2"),
    Setting("EVENHAND_BIND", "where the web process listens, for the proxy in front", "127.0.0.1:8000"),
    Setting("EVENHAND_METRICS_ALLOWED", "addresses or networks that may read /metrics and the details of /health"),
    Setting("EVENHAND_METRICS_TOKEN", "a bearer token that may read them too", secret=True),
    Setting("EVENHAND_FETCH_ALLOWED", "hosts inside your own network that the site may fetch from", "none"),
    Setting("EVENHAND_LOG", "json (a line for each event) or plain", "plain; json in production"),
    Setting("EVENHAND_LOG_LEVEL", "the least that is written down", "WARNING; INFO in production"),
    Setting(
        "EVENHAND_MAIL",
        "how messages leave: files, or smtp://user:password@host:587?tls=starttls (or implicit, or none)",
        "files, in EVENHAND_VAR/mail",
        secret=True,
    ),
    Setting("EVENHAND_MAIL_FROM", "the address that messages come from", "evenhand@localhost"),
    Setting("EVENHAND_WORKER_LEASE_SECONDS", "how long a worker may be silent before it is taken for dead", "60"),
)
