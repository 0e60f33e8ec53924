"""Django's settings of the live stream: workers, their sessions and *look now*; no pages, no rooms."""

from amanat.config.settings import *  # noqa: F403

INSTALLED_APPS = ["amanat.people"]
MIDDLEWARE = []
TEMPLATES = []
