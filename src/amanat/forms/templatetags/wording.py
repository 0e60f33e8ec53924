"""How the texts of a form stand on a page."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString

from amanat.forms.wording import Worded

register = template.Library()


@register.filter
def rich(text: str) -> SafeString:
    """A text with its emphasis, links and breaks."""
    return text.html if isinstance(text, Worded) else linebreaksbr(text)
