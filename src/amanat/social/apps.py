from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "amanat.social"
    label = "social"

    def ready(self) -> None:
        from amanat.social import currencies, receipts, registering  # noqa: F401  (`currencies` adds `currencies.toml` to packs)
        from amanat.social.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        registering.register()
        receipts.register()
