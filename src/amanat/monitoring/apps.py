from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "amanat.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from amanat.monitoring import pack, showing  # noqa: F401  (`pack` adds `solutions.toml` and `outcomes.toml` to packs)
        from amanat.monitoring.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        showing.register()
