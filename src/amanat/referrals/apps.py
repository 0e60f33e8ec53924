from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "amanat.referrals"
    label = "referrals"

    def ready(self) -> None:
        from amanat.cases import lodging, origins, outsiders, withdrawals
        from amanat.cases.in_the_way import closing
        from amanat.cases.models import TaskKind
        from amanat.directory import confidential
        from amanat.people import waiting
        from amanat.referrals import conferences, navigation, papers, preparing, public, standing_open, telling, terms  # noqa: F401  (`terms` adds `referrals.toml` to packs)
        from amanat.referrals.erasing import erase
        from amanat.referrals.lodgings import by_referral
        from amanat.referrals.outside import acknowledging
        from amanat.referrals.whereabouts import received_at
        from amanat.referrals.withdrawing import ENDING
        from amanat.vault import erasing, intake

        _load_referrals()
        navigation.register()
        papers.register()
        origins.register(TaskKind.DECISION, conferences.of_task)
        withdrawals.register(ENDING)
        lodging.register(by_referral)
        closing.register(standing_open.in_the_way)
        outsiders.register(preparing.asked_outside)
        erasing.register(erase)
        confidential.register(received_at)
        waiting.register("referral", telling.asks, at="referrals.inbox")
        # Guarded and without a token: it is shut at `/intake`, since the public page asks for work first.
        intake.register(public.KIND, acknowledging.take, limit=public.WITH_WORK, needs_token=True)


def _load_referrals() -> None:
    """How pages get a referral by its reference, with all that a list tells of it."""
    from amanat.access import loaders
    from amanat.referrals.models import Referral

    loaders.register(
        "referral",
        lambda: Referral.objects.select_related(
            "subject",
            "agency",
            "organisation",
            "service",
            "receiver__user",
            "sent_by__user",
            "case__agency",
            "case__subject",
        ),
    )
