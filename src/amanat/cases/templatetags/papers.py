"""Whether the way to a paper is offered."""

from django import template

from amanat.access.files import File
from amanat.cases import papers

register = template.Library()


@register.filter
def hands_out(file: File, name: str) -> bool:
    """Whether whoever has the file may hand out the paper of this name."""
    one = papers.named(name)
    return one is not None and papers.may_hand_out(file, one)
