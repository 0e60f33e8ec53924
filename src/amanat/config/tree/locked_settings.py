"""Django's settings while the workspace is locked: the usual ones, without database, sessions, workers and rooms."""

from pathlib import Path

from amanat.config.settings import *  # noqa: F403
from amanat.config.settings import AMANAT_DUTY_NUMBER as USUAL_NUMBER
from amanat.config.settings import AMANAT_PROXIED, OUTERMOST, WORKSPACE
from amanat.vault import gate

AMANAT_DUTY_NUMBER = gate.read(WORKSPACE).duty_number or USUAL_NUMBER

AMANAT_LIVE_PORT = 0  # nothing to look at
DATABASES = {}
INSTALLED_APPS = ["django.contrib.staticfiles", "csp", "amanat.web"]
MIDDLEWARE = [
    *OUTERMOST,
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Who sits at the machine comes past the proxy, by http://localhost.
SECURE_REDIRECT_EXEMPT = ["^unlock$"] if AMANAT_PROXIED else []
ROOT_URLCONF = "amanat.config.tree.locked_urls"
CSRF_FAILURE_VIEW = "amanat.web.views.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "amanat.web.context.shell"],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "amanat.web.templatetags.web"],
        },
    }
]
