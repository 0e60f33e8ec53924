"""Pages of the exchange room; see PAGES for the modules."""

from amanat.exchange.views import exporting, importing, looking

PAGES: list[object] = [importing, looking, exporting]
