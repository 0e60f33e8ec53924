from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "amanat.access"
    label = "access"

    def ready(self) -> None:
        from amanat.access import drafts
        from amanat.access.erasing import erase
        from amanat.people import unsent
        from amanat.vault import erasing

        erasing.register(erase)
        unsent.register(drafts.keep_unsent)
