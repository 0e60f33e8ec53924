from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "amanat.api"
    label = "api"

    def ready(self) -> None:
        from amanat.api import door, filing, navigation
        from amanat.vault import intake

        # Without a token of its own kind it is shut at `/intake`: a phone comes by the door that says whose it is.
        intake.register(door.KIND, filing.take, limit=door.WRONG, needs_token=True)
        navigation.register()
