"""`amanat referral_states`: the state table of a referral as the paper `docs/referral-states.md` draws it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from amanat.referrals import states


class Command(BaseCommand):
    help = "Draws the state table of a referral, for docs/referral-states.md."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(states.paper(), ending="")
