"""Pages of the hotline, a module a theme."""

from amanat.hotline.views import advice, call, desk, lines, linking, matters, numbers, opening, recruiters

PAGES = [desk, call, opening, matters, linking, advice, recruiters, lines, numbers]
