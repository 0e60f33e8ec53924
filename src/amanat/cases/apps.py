from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "amanat.cases"
    label = "cases"

    def ready(self) -> None:
        from amanat.access import loaders
        from amanat.cases import fact_sections, navigation, own_sections
        from amanat.cases.models import Attachment, Case, Task

        loaders.register("case", lambda: Case.objects.select_related("subject", "child", "agency"))
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
        navigation.register()
        own_sections.register()
        fact_sections.register()
