from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "amanat.directory"
    label = "directory"

    def ready(self) -> None:
        from amanat.directory import navigation

        navigation.register()
