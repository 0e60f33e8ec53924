from django.apps import AppConfig


class PsychologyConfig(AppConfig):
    name = "amanat.psychology"
    label = "psychology"

    def ready(self) -> None:
        from amanat.cases import appointments
        from amanat.psychology import cards, reactions, scales, sessions, showing  # noqa: F401  (they add `reactions.toml`, `measures.toml` and `terms.toml` to packs)
        from amanat.psychology.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        appointments.register(sessions.appointments)
        showing.register()
        cards.register()
