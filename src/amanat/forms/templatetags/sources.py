"""Where a form comes from, as pages tell it."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from amanat.forms import kept
from amanat.web.templatetags.web import said

register = template.Library()


@register.simple_tag
def form_source(facts: Mapping[str, str]) -> SafeString | str:
    """The source in the page's language, or marked with its own."""
    return said(kept.source_of(facts))
