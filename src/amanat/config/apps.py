from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "amanat.config"
    label = "config"

    def ready(self) -> None:
        from amanat.config import country  # noqa: F401  (adds the pack's folder `demo`)
