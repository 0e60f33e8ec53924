from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "amanat.plans"
    label = "plans"

    def ready(self) -> None:
        from amanat.plans import conferring, navigation, terms  # noqa: F401  (`terms` adds `plans.toml` to packs)
        from amanat.plans.erasing import erase
        from amanat.vault import erasing

        navigation.register()
        conferring.register()
        erasing.register(erase)
