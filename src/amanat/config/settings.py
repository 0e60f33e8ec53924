"""Django's settings. What differs between workspaces stands in the workspace's header; secrets stand nowhere here (see vault.keys)."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from amanat.config.hosts import is_address
from amanat.vault.header import Header

ROOT = Path(__file__).resolve().parents[3]
WORKSPACE = Path(os.environ.get("AMANAT_WORKSPACE", ROOT / "workspaces" / "demo"))
HEADER = Header.read_or_none(WORKSPACE)

AMANAT_KIND = HEADER.kind if HEADER else "none"
AMANAT_HOST = HEADER.host if HEADER else "localhost"
AMANAT_TLS = bool(HEADER and HEADER.tls)
AMANAT_PROXIED = bool(HEADER and HEADER.proxied)
AMANAT_LIVE_PORT = int(
    os.environ.get("AMANAT_LIVE_PORT", "0")
)  # of the live stream, said by `serve`; 0: pages ask instead
# Of the public site, for letters: said by `serve`, or by whoever looks after the machine where it goes by another name.
AMANAT_SITE_ADDRESS = os.environ.get("AMANAT_SITE_ADDRESS", "")
AMANAT_PASSKEYS = not is_address(AMANAT_HOST)  # browsers make none for an address
# The number in the foot of every page; the demo country has an invented one.
AMANAT_DUTY_NUMBER = HEADER.duty_number if HEADER else ""
if AMANAT_KIND == "demo":
    AMANAT_DUTY_NUMBER = AMANAT_DUTY_NUMBER or "+373 600 00 204"
SHIPPED_PACKS, OWN_PACKS = ROOT / "packs", WORKSPACE / "packs"  # what comes with Amanat; what was installed here
AMANAT_PACKS = [
    (OWN_PACKS if (OWN_PACKS / name).is_dir() else SHIPPED_PACKS) / name
    for name in (HEADER.packs if HEADER else ("core",))
]

# A process that has not unlocked the workspace signs with a key that nobody else knows: what it signs is worth nothing.
# `vault.keys.unlock` puts the workspace's own key in this place.
SECRET_KEY = secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = [AMANAT_HOST, "localhost", "127.0.0.1", "[::1]"]


def database(url: str | None) -> dict[str, Any]:
    """Django's entry for a `postgresql://role:password@host:port/name?host=/socket` URL; without one, the workspace's SQLCipher file."""
    if not url:
        return {
            "ENGINE": "amanat.vault.sqlcipher",
            "NAME": WORKSPACE / "amanat.db",
            "OPTIONS": {"key": "amanat.vault.keys.database_key", "transaction_mode": "IMMEDIATE", "timeout": 20},
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,  # sslmode, sslrootcert and what else libpq knows
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("AMANAT_DATABASE") or (HEADER.database if HEADER else None))}
AMANAT_APP_ROLE = DATABASES["default"].get("USER", "")  # whom audit.guards grants what; "" on SQLCipher
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "amanat.web",
    "amanat.packs",
    "amanat.vault",
    "amanat.people",
    "amanat.audit",
    "amanat.access",
    "amanat.forms",
    "amanat.directory",
    "amanat.procedures",
    "amanat.cases",
    "amanat.office",
    "amanat.hotline",
    "amanat.identification",
    "amanat.referrals",
    "amanat.centre",
    "amanat.psychology",
    "amanat.social",
    "amanat.legal",
    "amanat.plans",
    "amanat.monitoring",
    "amanat.exchange",
    "amanat.api",
    "amanat.desk",
    "amanat.config",
]

# What every answer passes, also while the workspace is locked.
OUTERMOST = [
    *(["amanat.config.proxied.ProxiedMiddleware"] if AMANAT_PROXIED else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "amanat.web.middleware.HeadersMiddleware",
    "amanat.vault.uploads.UploadsMiddleware",
]
MIDDLEWARE = [
    *OUTERMOST,
    "amanat.people.middleware.SessionMiddleware",
    "amanat.people.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "amanat.people.middleware.GateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amanat.access.middleware.ActorMiddleware",
]

ROOT_URLCONF = "amanat.config.urls"
WSGI_APPLICATION = "amanat.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "amanat.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "amanat.web.templatetags.web"],
        },
    }
]
FORM_RENDERER = "amanat.web.forms.Renderer"

# --- languages and times -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("tk", _("Turkmen")), ("ru", _("Russian")), ("en", _("English")), ("ro", _("Romanian"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["amanat.web.formats"]  # day before month and the 24-hour clock, also in English
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- signing in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "display_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
# allauth: names, no e-mail addresses; a password and one more factor, or a passkey that checks its holder.
ACCOUNT_ADAPTER = "amanat.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "begin": "10/m/ip", "passkey": "20/m/ip"}
MFA_ADAPTER = "amanat.people.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Counts of tries, and codes that were used: in the memory of the one web process, or where several look with PostgreSQL. Too few
# entries would let a guesser flush them out.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": WORKSPACE / "run" / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }

# --- sessions and cookies: `__Host-` and Secure need TLS; on http://localhost they would only lock everybody out -----
SESSION_ENGINE = "amanat.people.sessions"
SESSION_COOKIE_NAME = "__Host-session" if AMANAT_TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if AMANAT_TLS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = AMANAT_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "amanat.people.views.stale_page.refused"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- headers -------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = AMANAT_TLS
# Only a proxy on this machine reaches the loopback port, and it says by what its visitors came, and from where.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if AMANAT_PROXIED else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if AMANAT_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = AMANAT_TLS
SECURE_REFERRER_POLICY = (
    "same-origin"  # `no-referrer` makes browsers send `Origin: null`, which no CSRF check can accept
)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("AMANAT_STATIC", ROOT / "build" / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is ever stored in clear
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 365
AMANAT_MEDIA = WORKSPACE / "media"
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes a file, DESIGN §8
FILE_UPLOAD_HANDLERS = ["amanat.vault.uploads.SealingUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2200  # a file that is brought in may have 1,024 columns, each with two fields

# Django's own way to send mail is shut. What leaves says that something waits, by the server that the office named (people/sending.py).
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Its warnings repeat the address of what was not found: whoever types a name up there would have it in the log.
    "loggers": {"django.request": {"level": "ERROR"}},
}
