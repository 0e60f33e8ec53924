"""The product's settings, for a task process that stands still somewhere."""

from amanat.config.settings import *  # noqa: F403
from amanat.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.halting"]
