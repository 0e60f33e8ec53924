"""Pages of the office; see PAGES for the modules."""

from amanat.office.views import (
    agencies,
    backups,
    country,
    deciding,
    desk,
    duty,
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
    duty,
    policy,
    desk,
    log,
    locking,
]
