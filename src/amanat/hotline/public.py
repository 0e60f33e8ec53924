"""“We call you back”: the public form, in the site's own process. It needs no keys and no database, and goes on while the workspace
is locked: what is sent is sealed to the intake key and waits. Nothing of it is ever shown again.

Imports no model. No sign of who visits is kept, so `config.tree.visitors` says which language is spoken and whose forms are taken.
"""

from __future__ import annotations

import json
import logging
import uuid
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from amanat.hotline import puzzle
from amanat.people.clock import clock
from amanat.people.senders import seconds_to_wait
from amanat.vault import gate, intake
from amanat.web.forms import Form, Radios

KIND: Final = "call_back"  # of the packets in the intake
# So many in so many seconds, all ours. Whole towns come from one address, so work counts for more than the address.
WITH_WORK, BY_WAITING, OF_ALL = (30, 600), (6, 600), (200, 3600)

log = logging.getLogger(__name__)


class CallBackForm(Form):
    """Few fields; only the way to reach somebody is needed."""

    way = forms.CharField(
        label=gettext_lazy("Your phone number, or another way to reach you"),
        help_text=gettext_lazy("With the country, for example +993 65 123456. Or a messenger and your name there."),
        max_length=100,
    )
    when = forms.CharField(
        label=gettext_lazy("When is it safe to call you?"),
        help_text=gettext_lazy("For example: after 4 in the afternoon, when I am alone."),
        max_length=200,
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Which language do you speak?"), widget=Radios, required=False)
    message = forms.ChoiceField(
        label=gettext_lazy("If somebody else answers your phone, what should the hotline do?"),
        choices=[
            ("", gettext_lazy("Say nothing to them, and hang up")),
            ("on", gettext_lazy("The hotline may speak with them, or leave a message for me")),
        ],
        widget=Radios,
        required=False,
    )
    paper = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    answer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, request: HttpRequest) -> None:
        offered = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
        super().__init__(request, {"language": get_language(), "paper": puzzle.paper(clock())}, language=offered)
        for name in ("way", "when"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def give_another_paper(self) -> None:
        if self.sent is not None:
            self.sent["paper"], self.sent["answer"] = puzzle.paper(clock()), ""

    def packet(self, hotline: uuid.UUID | None) -> intake.Packet:
        """The same one for the same form sent twice, and another where something in it was changed."""
        said = {name: self.cleaned_data[name] for name in ("way", "when", "language")}
        said["message"] = self.cleaned_data["message"] == "on"
        body = json.dumps(said | {"hotline": hotline.hex if hotline else ""}, ensure_ascii=False).encode()
        return intake.Packet(KIND, intake.id_of(KIND, self.cleaned_data["paper"], body), clock(), body)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, hotline: uuid.UUID | None = None) -> HttpResponse:
    """The form. What is filled in where nobody sees a field was filled in by a program, which hears the same as everybody."""
    form = CallBackForm(request)
    status = 200
    if form.sent is not None and form.is_valid():
        packet = form.packet(hotline)
        before = puzzle.used_for(form.cleaned_data["paper"])
        if request.POST.get("website") or before == packet.id:
            return _sent(request)
        status, sentence = _refused(request, form, before) or _kept(form, packet)
        if not sentence:
            return _sent(request)
        form.add_error(None, sentence)
    context = {"form": form, "bits": puzzle.BITS, "seconds": int(puzzle.SLOWLY.total_seconds())}
    return render(request, "hotline/call_back.html", context, status=status)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """That we have it, and nothing of what it is."""
    return render(request, "hotline/call_back_sent.html")


def _sent(request: HttpRequest) -> HttpResponse:
    """Another page, so that going back in the browser does not send it once more."""
    return HttpResponseRedirect(f"{reverse('hotline.call_back_sent')}?lang={get_language()}", status=303)


def _refused(request: HttpRequest, form: CallBackForm, before: str | None) -> tuple[int, str] | None:
    """Why it is not taken yet, with what to do; what was typed stays. `before`: what was sent from this page already."""
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
    limit, counter = (WITH_WORK, "work") if with_work else (BY_WAITING, "waiting")
    if seconds_to_wait(request, f"call_back:{counter}", limit) or _too_many():
        return 429, _("Too many ask at once. Wait ten minutes, then press Send once more, or call us.")
    return None


def _too_many() -> bool:
    """Of all together, so that the intake keeps room for what comes from elsewhere."""
    anybody = HttpRequest()
    return bool(seconds_to_wait(anybody, "call_back:all", OF_ALL))


def _kept(form: CallBackForm, packet: intake.Packet) -> tuple[int, str]:
    """Sealed and on the disk before anybody reads that we have it; the sentence is empty then."""
    workspace = Path(settings.WORKSPACE)
    try:
        public = bytes.fromhex(gate.read(workspace).intake_public)
        intake.spool(intake.folder(workspace), intake.seal(public, packet), packet.arrived_at)
    except (OSError, intake.NoRoom) as error:
        log.warning("what was asked on the public page could not be kept: %s", error)
        return 503, _("We could not keep it. Try again in some minutes, or call us.")
    puzzle.use(form.cleaned_data["paper"], packet.id)
    return 200, ""


urlpatterns = [
    path("", call_back, name="hotline.site"),
    path("call-back", call_back, name="hotline.call_back"),
    path("call-back/sent", sent, name="hotline.call_back_sent"),
    path("call-back/<uuid:hotline>", call_back, name="hotline.call_back_at"),
]
