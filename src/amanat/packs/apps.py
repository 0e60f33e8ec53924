"""Django's entry for the room."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "amanat.packs"
    label = "packs"
