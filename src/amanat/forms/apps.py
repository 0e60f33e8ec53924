"""Django's entry for the room."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "amanat.forms"
    label = "forms"

    def ready(self) -> None:
        from amanat.forms import filled, packed
        from amanat.forms.erasing import erase
        from amanat.packs import differences
        from amanat.vault import erasing

        differences.register_counter(packed.FORMS.name, filled.count)  # a pack may have forms from here on
        erasing.register(erase)
