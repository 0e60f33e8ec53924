"""Pages of the room of the centre; see PAGES for the modules."""

from amanat.centre.views import arranging, board, days, incidents, leaving, medicines, shifts, staying, visits

PAGES: list[object] = [board, arranging, staying, leaving, shifts, days, medicines, visits, incidents]
