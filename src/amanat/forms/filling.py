"""Filling a form: what is asked now, what an answer changes, what does not hold. Nothing is stored here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final, Self

from amanat.forms.compiling import CompiledForm
from amanat.forms.faulting import Faults
from amanat.forms.limits import LIMITS
from amanat.forms.loading import FaultyInstance, load
from amanat.forms.model import MEDIA, SELECTS, Alert, Answered, LeftOver, Score, Screen, Shown
from amanat.forms.nodes import Node
from amanat.forms.saying import said
from amanat.forms.screening import Screens
from amanat.forms.sending import sent
from amanat.forms.state import FIRST_LOAD, NEW_REPEAT, State, new_run
from amanat.forms.structure import Control
from amanat.forms.typing_in import stored, typed
from amanat.forms.values import text_of_moment

__all__ = ["FaultyInstance", "Filling"]


class Filling:
    """One filling of a form, in memory.

    `left_over`: answers that have no place in the form. `instance_id`: as a phone names it, `uuid:…`.
    """

    def __init__(
        self, form: CompiledForm, root: Node, *, language: str, now: datetime, zone: tzinfo, seed: str
    ) -> None:
        self.form = form
        self.left_over: list[LeftOver] = []
        self._screens: tuple[int, list[Screen]] | None = None  # as they were in an edition of the state
        self._state = State(form, new_run(form, root, language=language, now=now, zone=zone, seed=seed))

    @classmethod
    def begin(
        cls,
        form: CompiledForm,
        *,
        language: str,
        now: datetime,
        zone: tzinfo,
        subject_facts: Mapping[str, str] | None = None,
    ) -> Self:
        """An empty form, with its defaults. `subject_facts`: first answers by name or path."""
        seed = f"uuid:{uuid.uuid4()}"
        filling = cls(form, form.template.root.copy(), language=language, now=now, zone=zone, seed=seed)
        filling._preload(seed)
        filling._know(subject_facts or {})
        state = filling._state
        state.happen(FIRST_LOAD, form.changes, state.root)
        for control in form.controls.values():
            for node in state.nodes(control.path) if control.changes else []:
                state.happen(FIRST_LOAD, control.changes, node)
        return filling

    @classmethod
    def of(
        cls,
        form: CompiledForm,
        instance: bytes,
        *,
        language: str,
        now: datetime,
        zone: tzinfo,
        subject_facts: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> Self:
        """A form with the answers of an XForm instance: a draft, a record, a phone's packet, also of another version.

        `now` is the time at which it was filled, where it shall be seen as it was: `today()` is then that day. What has
        no place in the form is kept in `left_over`. `bare`: its reader does not see all of it, so texts repeat no answers.

        Raises:
            FaultyInstance: it is no XML that may be read.
        """
        root, left_over = load(form, instance)
        seed = _text_at(root, "meta", "instanceID") or f"uuid:{uuid.uuid4()}"
        filling = cls(form, root, language=language, now=now, zone=zone, seed=seed)
        filling.left_over, filling._state.run.bare = left_over, bare
        filling._set_meta("instanceID", seed)
        filling._know(subject_facts or {})
        return filling

    @property
    def instance_id(self) -> str:
        """The id under which it is known everywhere."""
        return self._state.run.seed

    @property
    def too_much(self) -> bool:
        """Whether the form asks for more computing than it may; it then never holds."""
        self._state.settle()
        return self._state.exhausted

    def screens(self) -> list[Screen]:
        """What is asked, in order: only what is relevant."""
        self._begin_work()
        if self._screens is None or self._screens[0] != self._state.edition:
            self._screens = self._state.edition, Screens(self._state, self._shown).all()
        return list(self._screens[1])

    def on_paper(self) -> list[Shown]:
        """Every question once, asked now or not, with its choices: for a form that is filled in by hand."""
        self._begin_work()
        first = [(control, self._state.nodes(control.path)[:1]) for control in self.form.controls.values()]
        shown = [self._written(control, node) for control, nodes in first for node in nodes]
        return [one for one in shown if one.question.kind != "note" or one.label or one.hint]

    def _written(self, control: Control, node: Node) -> Shown:
        """With all choices, also those that another answer would leave; a line to write on where they are too many."""
        if control.choices and control.choices.whole:
            control = replace(control, choices=replace(control.choices, formula=control.choices.whole))
        shown = self._shown(control, node)
        return shown if len(shown.choices) <= LIMITS.on_paper else replace(shown, choices=())

    def put(self, path: str, raw: str | Sequence[str]) -> None:
        """Take an answer as a browser posts it. What can't be read is kept as it was typed, and `faults` tells it.

        A path that the form does not ask, or only shows, is left alone.
        """
        node = self._state.find(path)
        control = self.form.controls.get(node.path) if node else None
        if node and control and control.question.kind != "note" and not self._is_read_only(node):
            text = stored(control.question, raw, self._state.run.zone, self._state.run.now)
            self._state.set(node, text[: LIMITS.answer + 1])

    def add(self, repeat: str) -> None:
        """Add one to a repeat (`RepeatEnd.path`), if there may be one more."""
        above, _slash, name = repeat.rpartition("/")
        parent = self._state.find(above)
        path = f"{parent.path}/{name.split('[')[0]}" if parent else ""
        if not parent or path not in self.form.repeats or path in self._state.counted:
            return
        self._state.settle()
        if (new := self._state.append(parent, path)) is not None:
            self._state.reshaped()
            self._state.happen(NEW_REPEAT, self.form.changes_in(new.path), new)

    def remove(self, repeat: str, number: int) -> None:
        """Take one away from a repeat, by its number from 1."""
        above, _slash, name = repeat.rpartition("/")
        parent = self._state.find(above)
        path = f"{parent.path}/{name.split('[')[0]}" if parent else ""
        if parent and path in self.form.repeats and path not in self._state.counted:
            same = parent.kids.get(name.split("[")[0], [])
            if 1 <= number <= len(same):
                del same[number - 1]
                self._state.reshaped()

    def faults(self, screen: str | None = None) -> dict[str, str]:
        """Path → what does not hold (required, constraint, type), of one screen or of all; empty where it holds.

        Of a form that asks for too much computing the empty path tells it.
        """
        self._begin_work()
        if screen is None:
            return Faults(self._state).all()
        shown = next((one for one in self.screens() if one.key == screen), None)
        return Faults(self._state).at([question.path for question in shown.questions] if shown else [])

    def answers(self) -> list[Answered]:
        """The answers of relevant questions, in the order of the form, calculated and hidden ones with them."""
        self._begin_work()
        return [self._answered(node) for node in self._answered_nodes()]

    def parts(self) -> Iterator[str]:
        """Whose eyes each of the answers is for, in the order of the form."""
        self._begin_work()
        return (self.form.questions[node.path].part for node in self._answered_nodes())

    def scores(self) -> list[Score]:
        """What the form computed under the names of `amanat::score`; an empty value is one that can't be."""
        self._begin_work()
        found = []
        for path, question in self.form.questions.items():
            for node in self._state.nodes(path) if question.extras.score else []:
                if node.counts:
                    label = self._asked(node) or question.extras.score
                    found.append(
                        Score(question.extras.score, self._state.numbered(node), label, node.text, question.part)
                    )
        return found

    def alerts(self) -> list[Alert]:
        """Answers for which `amanat::alert` holds."""
        self._begin_work()
        return [
            Alert(self._state.numbered(node), self.form.questions[path], self._asked(node), self._said(node))
            for path, formula in self.form.alerts.items()
            for node in self._state.nodes(path)
            if node.counts and node.text and self._state.holds(formula, node)
        ]

    def instance(self, *, whole: bool = False) -> bytes:
        """The XForm instance, as a phone would send it: without what is not relevant. `whole`: with it, for a draft."""
        if not whole:
            self._end()
        self._begin_work()
        return sent(self.form, self._state.root, whole=whole)

    def media(self) -> dict[str, str]:
        """Path → name of file of what is attached."""
        return {one.path: one.value for one in self.answers() if one.question.kind in MEDIA}

    def _begin_work(self) -> None:
        self._state.settle()
        self._state.run.budget.begin()

    def _answered_nodes(self) -> Iterator[Node]:
        for node in self._state.root.below():
            question = self.form.questions.get(node.path)
            if question and node.text and question.kind != "note" and node.counts:
                yield node

    def _answered(self, node: Node) -> Answered:
        question = self.form.questions[node.path]
        path = self._state.numbered(node)
        return Answered(path, question, self._asked(node), node.text, self._said(node), question.part)

    def _asked(self, node: Node) -> str:
        control = self.form.controls.get(node.path)
        label = control.label if control else self.form.translations.text(f"{node.path}:label")
        return self._state.spoken(label, node)

    def _said(self, node: Node) -> str:
        question, control = self.form.questions[node.path], self.form.controls.get(node.path)
        choices = self._state.offered(control, node) if control and question.kind in SELECTS else ()
        return said(question, node.text, choices, self._state.run)

    def _shown(self, control: Control, node: Node) -> Shown:
        state, question = self._state, control.question
        bind = self.form.binds.get(node.path)
        path, read_only = state.numbered(node), self._is_read_only(node)
        return Shown(
            path=path,
            question=question,
            label=state.spoken(control.label, node),
            hint=state.spoken(control.hint, node),
            guidance=state.spoken(control.guidance, node),
            value=node.text,
            values=tuple(node.text.split()) if question.kind in SELECTS else (),
            typed=typed(question, node.text, state.run.zone),
            choices=state.offered(control, node),
            required=bind is not None and state.holds(bind.required, node),
            read_only=read_only,
            changes=self.form.order.affects(node.path) or bool(control.changes),
            files=tuple((form, text.file(state.run.language)) for form, text in control.media.items()),
            said=self._said(node) if read_only and node.text else "",
            follows=node.path in self.form.followers,
        )

    def _is_read_only(self, node: Node) -> bool:
        bind = self.form.binds.get(node.path)
        return bind is not None and (bool(bind.calculate) or self._state.holds(bind.read_only, node))

    def _know(self, facts: Mapping[str, str]) -> None:
        for name, text in facts.items():
            for path in (
                [name] if name.startswith("/") else [path for path in self.form.questions if path.endswith(f"/{name}")]
            ):
                for node in self._state.nodes(path):
                    self._state.set(node, text)

    def _preload(self, seed: str) -> None:
        self._set_meta("instanceID", seed)
        state = self._state
        for path, bind in self.form.binds.items():
            for node in state.nodes(path) if bind.preload else []:
                if make := _PRELOADED.get(bind.preload):
                    node.text = make(state.run.now)

    def _end(self) -> None:
        for path, bind in self.form.binds.items():
            for node in self._state.nodes(path) if bind.preload == "timestamp end" else []:
                self._state.set(node, text_of_moment(self._state.run.now))

    def _set_meta(self, name: str, text: str) -> None:
        for node in self._state.nodes(f"{self._state.root.path}/meta/{name}"):
            node.text = text


_PRELOADED: Final[dict[str, Callable[[datetime], str]]] = {
    "timestamp start": text_of_moment,
    "date today": lambda now: now.date().isoformat(),
}
"""What a form asks of its client at the beginning, but for its end. Of the device and its owner Amanat tells nothing."""


def _text_at(root: Node, *names: str) -> str:
    nodes = [root]
    for name in names:
        nodes = [kid for node in nodes for kid in node.kids.get(name, ())]
    return nodes[0].text if nodes else ""
