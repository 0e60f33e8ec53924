from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "amanat.plans"
    label = "plans"

    def ready(self) -> None:
        from amanat.audit import guards
        from amanat.plans import authority, conferring, navigation, one_sheet, terms, visiting  # noqa: F401  (`terms` adds `plans.toml` to packs)
        from amanat.plans.erasing import erase
        from amanat.plans.models import FrozenPlan
        from amanat.vault import erasing

        navigation.register()
        conferring.register()
        authority.register()
        one_sheet.register()
        visiting.register()
        guards.keep_until_erased(FrozenPlan)
        erasing.register(erase)
