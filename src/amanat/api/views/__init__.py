"""Pages of phones; see PAGES for the modules."""

from amanat.api.views import devices

PAGES: list[object] = [devices]
