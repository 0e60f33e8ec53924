"""What does not hold in a filling: required, constraint, type, a choice that is not offered; as sentences by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from amanat.forms.limits import LIMITS
from amanat.forms.model import SELECTS
from amanat.forms.nodes import Node
from amanat.forms.state import State
from amanat.forms.structure import Bind, Control
from amanat.forms.typing_in import wrong
from amanat.forms.values import truth_of


class Faults:
    """Looks at what is relevant; what is computed is not a person's fault."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> dict[str, str]:
        """Of all questions, in the order of the form, and of the form as a whole (the empty path)."""
        found = dict(self._of(self._state.root.below()))
        for path in sorted(self._state.capped):
            found[path] = _("There can't be more than %(most)s of these.") % {"most": LIMITS.repeats}
        return self._with_whole(found)

    def at(self, paths: Iterable[str]) -> dict[str, str]:
        """Of the questions at these paths."""
        nodes = (node for path in paths if (node := self._state.find(path)))
        return self._with_whole(dict(self._of(nodes)))

    def of(self, control: Control, node: Node) -> str:
        """What does not hold of one question; empty where all does."""
        bind = self._state.form.binds.get(node.path) or Bind(node.path)
        if bind.calculate or control.question.kind == "note":
            return ""
        if not node.text:
            return self._said(bind, "required", node) if self._state.holds(bind.required, node) else ""
        if sentence := wrong(control.question, node.text, self._state.run.zone) or self._not_offered(control, node):
            return sentence
        if bind.constraint and not truth_of(self._state.value(bind.constraint, node)):
            return self._said(bind, "constraint", node)
        return ""

    def _with_whole(self, found: dict[str, str]) -> dict[str, str]:
        if self._state.exhausted:
            whole = _(
                "This form asks for more computing than Amanat allows; nothing of it is lost. Tell who wrote the form."
            )
            return {"": whole, **found}
        return found

    def _of(self, nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            control = self._state.form.controls.get(node.path)
            if control and node.counts and (sentence := self.of(control, node)):
                yield self._state.numbered(node), sentence

    def _said(self, bind: Bind, kind: str, node: Node) -> str:
        if kind == "required":
            return self._state.spoken(bind.required_message, node) or _("This is needed. Answer it.")
        own = self._state.spoken(bind.constraint_message, node)
        return own or _("This can't be so. Look at the answer again.")

    def _not_offered(self, control: Control, node: Node) -> str:
        if control.question.kind not in SELECTS:
            return ""
        offered = {choice.value for choice in self._state.offered(control, node)}
        chosen = [node.text] if control.question.kind == "select_one" else node.text.split()
        if all(value in offered for value in chosen) or self._state.exhausted:
            return ""
        if control.question.kind == "rank":
            return _("Give each of them a number of its own, from 1 to %(count)s: 1 comes first.") % {
                "count": len(offered)
            }
        return _("This is none of the choices that are offered now. Choose again.")
