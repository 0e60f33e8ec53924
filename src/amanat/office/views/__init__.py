"""Pages of the office; see PAGES for the modules."""

from amanat.office.views import agencies, deciding, desk, leave, log, people, policy, roles

PAGES: list[object] = [people, roles, deciding, agencies, leave, policy, desk, log]
