from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "amanat.hotline"
    label = "hotline"

    def ready(self) -> None:
        from amanat.access import loaders
        from amanat.cases import from_elsewhere, known, matter_menu
        from amanat.hotline import arriving, menu, navigation, public, recruiters
        from amanat.hotline.erasing import erase
        from amanat.hotline.models import Call, Matter, Note
        from amanat.hotline.sources import SOURCES
        from amanat.hotline.waiting import rings
        from amanat.people import waiting
        from amanat.vault import erasing, intake
        from amanat.web import day

        loaders.register("matter", lambda: Matter.objects.select_related("subject", "agency", "holder__user"))
        navigation.register()
        matter_menu.add_talk(menu.talk)
        erasing.register(erase)
        from_elsewhere.register_sources(SOURCES)
        day.add(recruiters.tile)
        waiting.register("call", rings, at="hotline.desk")
        loaders.register(
            "note", lambda: Note.objects.select_related("subject", "matter__subject", "matter__agency", "author__user")
        )
        loaders.register("call", lambda: Call.objects.select_related("subject", "matter__subject", "matter__agency"))
        known.register_named(
            lambda name: Matter.objects.filter(code_name__iexact=name).select_related("subject", "agency")
        )
        loaders.register_files(
            lambda subjects: (
                Matter.objects.filter(subject__in=list(subjects))
                .select_related("subject", "agency")
                .order_by("opened_at", "id")
            )
        )
        # Guarded and without a token: it is shut at `/intake`, since the public page asks for work first.
        intake.register(public.KIND, arriving.take, limit=public.WITH_WORK, needs_token=True)
