"""Pages of the office; see PAGES for the modules."""

from amanat.office.views import (
    agencies,
    backups,
    country,
    deciding,
    desk,
    forms,
    health,
    leave,
    locking,
    log,
    packs,
    people,
    policy,
    roles,
)

PAGES: list[object] = [
    people,
    roles,
    deciding,
    agencies,
    backups,
    forms,
    packs,
    country,
    health,
    leave,
    policy,
    desk,
    log,
    locking,
]
