"""What a page of a form sent is put into the filling; and what such a page lacks after an answer changed."""

from __future__ import annotations

from django.http import QueryDict

from amanat.forms.filling import Filling
from amanat.forms.lines import Allowed, Line, anybody, is_removable, item_name, kind_of, name_of
from amanat.forms.model import MEDIA, Heading, RepeatEnd, Screen
from amanat.forms.standing import sent_as, stood


def shown_in(sent: QueryDict) -> dict[str, str]:
    """What a page showed: names of its lines, with the sign of how each stood there."""
    return dict(seen.partition(":")[::2] for seen in sent.getlist("shown"))


def take(filling: Filling, screen: Screen, sent: QueryDict, *, writes: Allowed = anybody) -> Screen:
    """Put what a page sent into the filling: of the questions that the page showed, those that the person may answer.

    A page says which it showed (`shown`): of a group of boxes none of which is ticked, a browser sends nothing.
    What an answer brought onto the screen may have been shown and answered already. What nobody touched is left alone, since
    another answer may set it (`trigger`). Files are not taken here. The screen as it stands then is given back.
    """
    shown = shown_in(sent)
    taken: set[str] = set()
    while fresh := [item for item in screen.questions if item.path not in taken]:
        for item in fresh:
            taken.add(item.path)
            if name_of(item.path) not in shown or item.question.kind in MEDIA:
                continue
            if kind_of(item, writes, anybody) == "field" and (answer := sent_as(item, sent)) != stood(item):
                filling.put(item.path, answer)
        screen = next((one for one in filling.screens() if one.key == screen.key), screen)
    return screen


def repeat_asked(filling: Filling, screen: Screen, sent: QueryDict, *, removes: Allowed = anybody) -> bool:
    """Add one to a repeat or take one away, if that is what was pressed. `removes`: see `lines.is_removable`."""
    for item in screen.items:
        name = item_name(item)
        if isinstance(item, RepeatEnd) and sent.get("add") == name:
            filling.add(item.path)
            return True
        if isinstance(item, Heading) and sent.get("remove") == name and is_removable(item, removes):
            filling.remove(item.path.rsplit("[", 1)[0], item.number)
            return True
    return False


def changed(lines: list[Line], sent: QueryDict) -> tuple[list[tuple[Line, str]], list[str]]:
    """What a page that shows `shown` lacks: lines to put in place, each with the name after which a new one stands ("" to replace
    what is there), and names of those that are there no longer."""
    shown, before = shown_in(sent), "screen-top"
    swaps: list[tuple[Line, str]] = []
    for line in lines:
        if line.name not in shown:
            swaps.append((line, before))
        elif line.seen != f"{line.name}:{shown[line.name]}" or _was_set(line, sent):
            swaps.append((line, ""))
        before = line.name
    return swaps, [name for name in shown if name not in {line.name for line in lines}]


def _was_set(line: Line, sent: QueryDict) -> bool:
    """Whether another answer set what stands in a field, which the page does not show yet."""
    return line.kind == "field" and line.item.follows and sent_as(line.item, sent) != stood(line.item)
