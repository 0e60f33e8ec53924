"""Pages of the office; see PAGES for the modules."""

from amanat.office.views import (
    agencies,
    backups,
    deciding,
    desk,
    forms,
    health,
    leave,
    locking,
    log,
    people,
    policy,
    roles,
)

PAGES: list[object] = [people, roles, deciding, agencies, backups, forms, health, leave, policy, desk, log, locking]
