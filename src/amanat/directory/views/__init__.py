"""Pages of the directory, a module a theme."""

from amanat.directory.views import detailing, finding, keeping, publishing, taking

PAGES = [finding, keeping, detailing, publishing, taking]
