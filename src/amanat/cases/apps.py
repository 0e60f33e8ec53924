from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "amanat.cases"
    label = "cases"

    def ready(self) -> None:
        from amanat import names
        from amanat.access import loaders
        from amanat.cases import alerts, fact_sections, folded, navigation, own_sections, queries, steps
        from amanat.cases.consent_ages import AGES  # noqa: F401 - its file of a pack is known with it
        from amanat.cases.consent_words import WORDS  # noqa: F401
        from amanat.cases.erasing import erase
        from amanat.cases.models import Attachment, Case, Task
        from amanat.packs import differences
        from amanat.people import waiting
        from amanat.vault import erasing, refiling

        loaders.register("case", queries.with_what_its_head_asks)
        loaders.register(
            "task", lambda: Task.objects.select_related("subject", "case__subject", "case__child", "case__agency")
        )
        loaders.register(
            "attachment",
            lambda: Attachment.objects.select_related("subject", "case__subject", "case__child", "case__agency"),
        )
        loaders.register_files(
            lambda subjects: (
                Case.objects.filter(subject__in=list(subjects))
                .select_related("subject", "child", "agency")
                .order_by("opened_in", "id")
            )
        )
        erasing.register(erase)
        refiling.register(
            refiling.Kept(Attachment, "original", "about", "key"),
            refiling.Kept(Attachment, "working_copy", "about", "copy_key", "copy"),
        )
        erasing.register_memory(folded.forget)
        erasing.register_memory(names.forget)
        navigation.register()
        own_sections.register()
        fact_sections.register()
        steps.register()
        differences.register_counter("codes", queries.answered_with)
        waiting.register("alert", alerts.asks, "cases.alerts")
