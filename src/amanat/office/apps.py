from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amanat.office"
    label = "office"
