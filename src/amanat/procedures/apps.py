"""Django's entry for the room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "amanat.procedures"
    label = "procedures"

    def ready(self) -> None:
        from amanat.procedures import reading  # noqa: F401  (adds `procedures.toml` to what a pack may have)
