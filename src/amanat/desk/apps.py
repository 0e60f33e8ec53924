from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "amanat.desk"
    label = "desk"

    def ready(self) -> None:
        from amanat.desk import navigation, papers  # noqa: F401 (`papers` registers files of packs)
        from amanat.desk.holding import erase, kept
        from amanat.desk.publishing import publish
        from amanat.vault import erasing

        erasing.register(erase)
        erasing.register_keeper(kept)
        erasing.register_listener(publish)
        navigation.register()
