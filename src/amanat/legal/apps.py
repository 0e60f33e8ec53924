"""Django's entry for the room."""

from django.apps import AppConfig


class LegalConfig(AppConfig):
    name = "amanat.legal"
    label = "legal"

    def ready(self) -> None:
        from amanat.legal import navigation, reading  # noqa: F401  (`reading`: its file of a pack is known with it)
        from amanat.legal.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        navigation.register()
