"""What this room adds to the file of a child and to the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part, Relation, Verb
from amanat.cases import menu, sections, suspected
from amanat.cases.navigation import who_may
from amanat.social import showing
from amanat.social.family import family_to_decide
from amanat.social.network import tie_to_decide
from amanat.web.navigation import NavEntry, add


def register() -> None:
    """Called once, when the room is loaded."""
    sections.add(
        sections.Section(
            "social",
            _("Social help"),
            Part.PLAN,
            "people",
            52,
            "social/section.html",
            lambda file: {"social": showing.section(file)},
        )
    )
    suspected.register(Part.SAFETY, family_to_decide, Relation.SOCIAL_WORKER)
    suspected.register(Part.SAFETY, tie_to_decide, Relation.SOCIAL_WORKER)
    title = _("Social help")
    for needs, url_name, label, icon, fits in (
        (Verb.HELP_RECORD, "record_help", _("Record help"), "check", menu.not_closed),
        (Verb.HELP_SPEND, "spend", _("Spend money or goods"), "plus", menu.not_closed),
        (Part.SAFETY, "family", _("The way to the family"), "home", menu.always),
        (Part.CONTACTS, "around", _("The network of the child"), "people", menu.always),
    ):
        menu.add(menu.Action(needs, f"social.{url_name}", label, icon, fits), title)
    add(
        NavEntry(
            name="budgets",
            label=_("Budgets"),
            url_name="social.budgets",
            icon="chart",
            order=60,
            shown_to=who_may(Verb.LOOK_BUDGET),
        )
    )
