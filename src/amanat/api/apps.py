from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "amanat.api"
    label = "api"

    def ready(self) -> None:
        from amanat.api import actions, door, filing, health, navigation, waiting
        from amanat.people import programs
        from amanat.vault import erasing, intake

        # Without a token of its own kind it is shut at `/intake`: a phone comes by the door that says whose it is.
        intake.register(door.KIND, filing.take, limit=door.WRONG, needs_token=True)
        erasing.register(waiting.erase)
        erasing.register_unsearched(waiting.unread)
        programs.register(actions.shut_out)
        navigation.register()
        health.register()
