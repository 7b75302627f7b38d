"""Django's settings, all of them derived from the house."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from detainer import logs
from detainer.house import house

HOUSE = house()

SECRET_KEY = HOUSE.secret()
DEBUG = HOUSE.debug
ALLOWED_HOSTS = list(HOUSE.hosts)
ROOT_URLCONF = "detainer.urls"
WSGI_APPLICATION = "detainer.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "detainer.record",
    "detainer.intake",
    "detainer.report",
    "detainer.watch",
    "detainer.desk",
    "detainer.site",
    "detainer.api",
    # After the desk, whose pages stand in the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "detainer.api.gate.Gate",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "detainer.desk.signing_in.guard.Guard",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "detainer.watch.health.context",
                "detainer.desk.pages.signing_in",
            ],
        },
    },
]


# Either side gives up a peer that has gone silent, so that one writer cut off in mid-transaction cannot keep the
# ledger's head from all others. An address may set each of these itself.
PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "options": " ".join(
        f"-c {setting}"
        for setting in (
            "idle_in_transaction_session_timeout=60s",
            "tcp_keepalives_idle=10",
            "tcp_keepalives_interval=5",
            "tcp_keepalives_count=3",
        )
    ),
}


def _database() -> dict[str, Any]:
    """The embedded database, or the PostgreSQL that the house names."""
    if HOUSE.database:
        from psycopg.conninfo import conninfo_to_dict

        given = conninfo_to_dict(HOUSE.database)
        whose = {key.upper(): given.pop(key) for key in ("user", "password", "host", "port") if key in given}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": given.pop("dbname"),
            **whose,
            # A connection that the server dropped is replaced, not handed out.
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {**PATIENCE, **given, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOUSE.sqlite,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: NORMAL can lose an acknowledged commit when the power fails.
            # Recursive triggers: without them INSERT OR REPLACE walks round a delete trigger.
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
                # What is removed is overwritten where it lay.
                "PRAGMA secure_delete=ON;"
            ),
        },
        # A file, as in service: a database in memory knows no write-ahead log.
        "TEST": {"NAME": HOUSE.home / "test.sqlite3"},
    }


DATABASES = {"default": _database()}

# A paper that is uploaded stays in memory: it is read, kept in the record's database, and written nowhere else.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 44 * 1024 * 1024
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = HOUSE.time_zone

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = logs.config(HOUSE.log_level)

LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "detainer.desk.signing_in.passwords.HouseWords"},
    {"NAME": "detainer.desk.signing_in.breached.Breached"},
]

# Who sees a person's record gives a second factor. No setting of the house lifts it.
SECOND_FACTOR_REQUIRED = True
ACCOUNT_ADAPTER = "detainer.desk.signing_in.signing.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {"reauthenticate": "detainer.desk.views.signing_in.signing.PasswordAgainForm"}
ACCOUNT_RATE_LIMITS = False  # the desk's own limits hold in the database, whatever the number of workers
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# The one provider is the house's own (detainer.desk.signing_in.oidc): none is read from the database.
SOCIALACCOUNT_ADAPTER = "detainer.desk.signing_in.signing.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MFA_ADAPTER = "detainer.desk.signing_in.signing.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have no e-mail address here
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Detainer Desk"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "detainer.desk.signing_in.factors.CodeForm",
    "reauthenticate": "detainer.desk.signing_in.factors.CodeAgainForm",
    "activate_totp": "detainer.desk.signing_in.factors.ActivateForm",
    "authenticate_webauthn": "detainer.desk.signing_in.factors.PasskeyForm",
    "reauthenticate_webauthn": "detainer.desk.signing_in.factors.PasskeyAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
# One shift: a forgotten session at a booking desk ends with it.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HOUSE.production
# A browser takes a cookie of such a name from this host alone, over HTTPS.
_HOST = "__Host-" if HOUSE.production else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = HOUSE.production, True, "Lax"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HOUSE.production
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HOUSE.production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HOUSE.production
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOUSE.production else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the picture with the key of an authenticator app
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

_MAIL = urlsplit(HOUSE.mail)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if HOUSE.mail else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "", _MAIL.port or (465 if _MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and _MAIL.hostname not in {"localhost", "127.0.0.1"}
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = f"detainer-desk@{_MAIL.hostname or 'localhost'}"
