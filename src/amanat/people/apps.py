from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "amanat.people"
    label = "people"
