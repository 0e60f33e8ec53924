from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "amanat.centre"
    label = "centre"

    def ready(self) -> None:
        from amanat.centre import (  # noqa: F401  (`terms`, `shift_terms` and `standards` add files to packs)
            day_navigation,
            navigation,
            papers,
            shift_terms,
            standards,
            terms,
        )
        from amanat.centre.erasing import erase
        from amanat.vault import erasing

        erasing.register(erase)
        navigation.register()
        day_navigation.register()
        papers.register()
