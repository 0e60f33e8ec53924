"""Pages of the case room; see PAGES for the modules."""

from amanat.cases.views import (
    changing,
    circle,
    consents,
    correcting,
    emergency,
    facts,
    file,
    finding,
    forms,
    guarding,
    knowing,
    lists,
    records,
    registering,
    steps,
    writing,
)

PAGES: list[object] = [
    lists,
    file,
    registering,
    writing,
    changing,
    circle,
    consents,
    guarding,
    emergency,
    knowing,
    facts,
    finding,
    steps,
    forms,
    correcting,
    records,
]
