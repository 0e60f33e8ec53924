"""Django's entry for the room."""

from django.apps import AppConfig


class LegalConfig(AppConfig):
    name = "amanat.legal"
    label = "legal"

    def ready(self) -> None:
        from amanat.legal import navigation, papers, reading  # noqa: F401  (`reading`: its file of a pack is known with it)
        from amanat.legal.actions.calendar import end_feeds
        from amanat.legal.erasing import erase
        from amanat.legal.holds import kept
        from amanat.people import programs
        from amanat.vault import erasing

        erasing.register(erase)
        erasing.register_keeper(kept)
        programs.register(end_feeds)
        navigation.register()
        papers.register()
