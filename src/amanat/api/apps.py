from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "amanat.api"
    label = "api"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from amanat.api import actions, door, filing, health, navigation, waiting
        from amanat.people.models import Membership, User
        from amanat.vault import erasing, intake

        # Without a token of its own kind it is shut at `/intake`: a phone comes by the door that says whose it is.
        intake.register(door.KIND, filing.take, limit=door.WRONG, needs_token=True)
        erasing.register(waiting.erase)
        erasing.register_unsearched(waiting.unread)
        for model in (User, Membership):
            post_save.connect(actions.shut_out_who_left, sender=model)
        navigation.register()
        health.register()
