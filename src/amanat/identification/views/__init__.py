"""Pages of the room of identification; see PAGES for the modules."""

from amanat.identification.views import age, assessing, deciding, interviewing, screening

PAGES: list[object] = [screening, age, deciding, assessing, interviewing]
