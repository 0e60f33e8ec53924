from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "amanat.vault"
    label = "vault"
