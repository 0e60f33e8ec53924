from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "amanat.exchange"
    label = "exchange"

    def ready(self) -> None:
        from amanat.exchange import health, navigation
        from amanat.exchange.erasing import erase, unread
        from amanat.exchange.models import Import
        from amanat.vault import erasing, refiling

        erasing.register(erase)
        erasing.register_unsearched(unread)
        refiling.register(refiling.Kept(Import, "file", "about", "key"))
        navigation.register()
        health.register()
