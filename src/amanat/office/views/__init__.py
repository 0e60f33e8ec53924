"""Pages of the case room; see PAGES for the modules."""

PAGES: list[object] = []
