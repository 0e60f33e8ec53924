"""Pages of the room of monitoring; see PAGES for the modules."""

from amanat.monitoring.views import after, closing, solving

PAGES: list[object] = [solving, after, closing]
