from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "amanat.exchange"
    label = "exchange"

    def ready(self) -> None:
        from amanat.exchange import navigation

        navigation.register()
