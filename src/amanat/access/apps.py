from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "amanat.access"
    label = "access"

    def ready(self) -> None:
        from amanat.access import drafts
        from amanat.people import unsent

        unsent.register(drafts.keep_unsent)
