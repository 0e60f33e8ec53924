"""Pages of the exchange room; see PAGES for the modules."""

from amanat.exchange.views import bundling, exporting, importing, looking

PAGES: list[object] = [importing, looking, exporting, bundling]
