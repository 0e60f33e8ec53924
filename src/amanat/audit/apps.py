"""Django's handle on the room; after each migration it puts the guards on the audit tables."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "amanat.audit"
    label = "audit"

    def ready(self) -> None:
        from amanat.audit import entrances, guards, incoming, recording
        from amanat.vault import erasing

        entrances.listen()
        incoming.listen()
        post_migrate.connect(guards.after_migrate, sender=self)
        post_migrate.connect(recording.forget_office, sender=self)
        erasing.register_memory(recording.forget_office)
