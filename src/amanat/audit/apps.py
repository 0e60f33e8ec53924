"""Django's handle on the room; after each migration it puts the guards on the audit tables."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "amanat.audit"
    label = "audit"

    def ready(self) -> None:
        from amanat.audit import entrances, guards, recording

        entrances.listen()
        post_migrate.connect(guards.after_migrate, sender=self)
        post_migrate.connect(recording.forget_office, sender=self)
