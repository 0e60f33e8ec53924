from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amanat.office"
    label = "office"

    def ready(self) -> None:
        from amanat.office import navigation

        navigation.register()
