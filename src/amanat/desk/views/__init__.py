"""Pages of the desk; see PAGES for the modules."""

from amanat.desk.views import breaching, consents, erasing, holding, keys, papers, questions, requesting, retention

PAGES: list[object] = [erasing, holding, retention, requesting, breaching, consents, papers, keys, questions]
