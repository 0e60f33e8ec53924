"""The product's settings with the sender for tests beside its rooms."""

from amanat.config.settings import *  # noqa: F403
from amanat.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sender"]
