"""Pages of the room of monitoring; see PAGES for the modules."""

from amanat.monitoring.views import after, closing, handing_over, solving

PAGES: list[object] = [solving, handing_over, after, closing]
