"""Pages of a child's plan; see PAGES for the modules."""

from amanat.plans.views import drafting, faces, talking

PAGES: list[object] = [faces, drafting, talking]
