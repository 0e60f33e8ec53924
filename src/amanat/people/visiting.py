"""Forms for everybody, on pages without sign-in: whoever sends one does a small piece of work or waits, and what is sent is sealed to
the intake key, on the disk before anybody reads that we have it.

Imports no model: it needs no keys and no database, and goes on while the workspace is locked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.people.clock import clock
from amanat.people.senders import seconds_to_wait
from amanat.vault import gate, intake
from amanat.web import puzzle
from amanat.web.forms import Form

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """So many in so many seconds. Whole towns come from one address, so work counts for more than the address."""

    with_work: tuple[int, int]
    by_waiting: tuple[int, int]
    of_all: tuple[int, int]


class VisitorForm(Form):
    """A form with the paper that its work is done for. `kind`: of its packets in the intake."""

    kind: ClassVar[str]

    paper = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    answer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, request: HttpRequest, initial: dict[str, Any] | None = None, **choices: Any) -> None:
        super().__init__(request, (initial or {}) | {"paper": puzzle.paper(clock())}, **choices)

    def give_another_paper(self) -> None:
        if self.sent is not None:
            self.sent["paper"], self.sent["answer"] = puzzle.paper(clock()), ""

    def body(self) -> bytes:
        """What is kept of it."""
        raise NotImplementedError

    def packet(self) -> intake.Packet:
        """The same one for the same form sent twice, and another where something in it was changed."""
        body = self.body()
        return intake.Packet(self.kind, intake.id_of(self.kind, self.cleaned_data["paper"], body), clock(), body)


def answer(request: HttpRequest, form: VisitorForm, limits: Limits, *, template: str, then: str) -> HttpResponse:
    """The page with its form; once what was sent is kept, the page called `then`, so that going back does not send it once more."""
    status = 200
    if form.sent is not None and form.is_valid():
        status, sentence = hand_in(request, form, form.packet(), limits)
        if not sentence:
            return HttpResponseRedirect(f"{reverse(then)}?lang={get_language()}", status=303)
        form.add_error(None, sentence)
    told = {"form": form, "bits": puzzle.BITS, "seconds": int(puzzle.SLOWLY.total_seconds())}
    return render(request, template, told, status=status)


def hand_in(request: HttpRequest, form: VisitorForm, packet: intake.Packet, limits: Limits) -> tuple[int, str]:
    """Keep what was sent. Status, and why it is not taken yet, with what to do; "" where it was.

    What is filled in where nobody sees a field was filled in by a program, which hears the same as everybody.
    """
    before = puzzle.used_for(form.cleaned_data["paper"])
    if request.POST.get("website") or before == packet.id:
        return 200, ""
    return _refused(request, form, packet.kind, before, limits) or _kept(form, packet)


def _refused(
    request: HttpRequest, form: VisitorForm, kind: str, before: str | None, limits: Limits
) -> tuple[int, str] | None:
    """`before`: what was sent from this page already."""
    told: dict[str, Any] = form.cleaned_data
    since = puzzle.age(told["paper"], clock())
    if since is None:
        form.give_another_paper()
        return 200, _("This page stood open for too long. Press Send once more.")
    if before is not None:  # whoever came back to the page and corrected it
        form.give_another_paper()
        return 200, _(
            "This page was sent before, with something else in it. To send it as it is now, press Send once more."
        )
    with_work = puzzle.is_solved(told["paper"], told["answer"])
    if not with_work and since < puzzle.SLOWLY:
        told_why = _(
            "Wait %(seconds)s seconds, then press Send once more. So we keep out programs that send thousands."
        )
        return 200, told_why % {"seconds": int(puzzle.SLOWLY.total_seconds())}
    limit, counter = (limits.with_work, "work") if with_work else (limits.by_waiting, "waiting")
    if seconds_to_wait(request, f"{kind}:{counter}", limit) or _too_many(kind, limits):
        return 429, _("Too many ask at once. Wait ten minutes, then press Send once more, or call us.")
    return None


def _too_many(kind: str, limits: Limits) -> bool:
    """Of all together, so that the intake keeps room for what comes from elsewhere."""
    anybody = HttpRequest()
    return bool(seconds_to_wait(anybody, f"{kind}:all", limits.of_all))


def _kept(form: VisitorForm, packet: intake.Packet) -> tuple[int, str]:
    workspace = Path(settings.WORKSPACE)
    try:
        public = bytes.fromhex(gate.read(workspace).intake_public)
        intake.spool(intake.folder(workspace), intake.seal(public, packet), packet.arrived_at)
    except (OSError, intake.NoRoom) as error:
        log.warning("what was sent on a public page could not be kept: %s", error)
        return 503, _("We could not keep it. Try again in some minutes, or call us.")
    puzzle.use(form.cleaned_data["paper"], packet.id)
    return 200, ""
