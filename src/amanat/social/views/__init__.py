"""Pages of the room of social help; see PAGES for the modules."""

from amanat.social.views import around, budgets, family, helping

PAGES: list[object] = [helping, family, around, budgets]
