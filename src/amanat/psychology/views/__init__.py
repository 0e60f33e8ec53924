"""Pages of the room of psychological help; see PAGES for the modules."""

from amanat.psychology.views import contacts, measures, sessions

PAGES: list[object] = [sessions, contacts, measures]
