import gc

from django.apps import AppConfig

USUAL = 700  # Python's own


class ConfigConfig(AppConfig):
    name = "amanat.config"
    label = "config"

    def ready(self) -> None:
        from amanat.config import (
            country,  # noqa: F401  (adds the pack's folder `demo`)
            health,
            shown_keys,
            trials,
            using,
        )
        from amanat.desk import keys
        from amanat.packs import installing
        from amanat.people.clock import clock
        from amanat.vault import erasing

        health.register()
        keys.add(shown_keys.certificate)
        installing.register(using.use)
        erasing.register_listener(lambda: trials.forget_in_time(clock()))
        gc.freeze()  # what stands now stays; see amanat/__init__.py
        gc.set_threshold(USUAL)
