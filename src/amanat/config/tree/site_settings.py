"""Django's settings of the public site: those of a locked workspace, and addresses of its own. Rooms give it templates, no tables."""

from typing import Any

from amanat.config.settings import ROOT
from amanat.config.tree.locked_settings import *  # noqa: F403
from amanat.config.tree.locked_settings import OUTERMOST
from amanat.config.tree.locked_settings import TEMPLATES as USUAL_TEMPLATES

MIDDLEWARE = [
    *OUTERMOST,
    "amanat.config.tree.visitors.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "amanat.config.tree.visitors.OwnFormsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "amanat.config.tree.site_urls"
SECURE_REDIRECT_EXEMPT = []  # there is no way to unlock here
_USUAL: dict[str, Any] = USUAL_TEMPLATES[0]
_SHELL = _USUAL["OPTIONS"]
_PROCESSORS = [*_SHELL["context_processors"], "amanat.config.tree.visitors.languages"]
TEMPLATES = [
    _USUAL
    | {
        # Those of every room: a page for everybody may be put together of pieces that stand elsewhere.
        "DIRS": sorted((ROOT / "src" / "amanat").glob("*/templates")),
        "OPTIONS": _SHELL | {"context_processors": _PROCESSORS},
    }
]
