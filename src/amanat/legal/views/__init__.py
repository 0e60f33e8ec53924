"""Pages of legal help; see PAGES for the modules."""

from amanat.legal.views import appointments, evidence, holding, proceedings, rights

PAGES: list[object] = [proceedings, rights, evidence, holding, appointments]
