from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    name = "amanat.identification"
    label = "identification"

    def ready(self) -> None:
        from amanat.identification import registering, sections, showing
        from amanat.identification.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        sections.register()
        registering.register()
        showing.register()
