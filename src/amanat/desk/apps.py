from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "amanat.desk"
    label = "desk"

    def ready(self) -> None:
        from amanat.desk import clocks, navigation, papers  # noqa: F401 (`clocks` and `papers` register files of packs)
        from amanat.desk.holding import erase
        from amanat.desk.publishing import publish
        from amanat.vault import erasing

        erasing.register(erase)
        erasing.register_listener(publish)
        navigation.register()
