from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amanat.office"
    label = "office"

    def ready(self) -> None:
        from amanat.office import navigation
        from amanat.office.health import backups, clocks, machine, seals, waiting

        navigation.register()
        for room in (backups, waiting, seals, clocks, machine):
            room.register()
