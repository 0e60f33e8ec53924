from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amanat.office"
    label = "office"

    def ready(self) -> None:
        from amanat.office import navigation
        from amanat.office.actions import packing
        from amanat.office.health import backups, clocks, duty, machine, seals, waiting
        from amanat.packs import installing

        navigation.register()
        installing.register_noting(packing.noting)
        for room in (backups, waiting, duty, seals, clocks, machine):
            room.register()
