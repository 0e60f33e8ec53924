"""Template tags of the directory: where a service is, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from amanat.directory.candidates import Place
from amanat.directory.wording import called

register = template.Library()
SHOWN = 3


@register.simple_tag
def where_in_short(places: Sequence[Place]) -> str:
    """The regions, else the names, of its places; a confidential one says so."""
    words = []
    for place in places:
        name = called("region", place.region, place.name)
        if place.is_confidential:
            name = _("confidential place, %(region)s") % {"region": name} if name else _("confidential place")
        words.append(name)
    told = [word for word in dict.fromkeys(words) if word]
    return ", ".join(told[:SHOWN]) + (" …" if len(told) > SHOWN else "")
