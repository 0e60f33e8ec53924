"""“We call you back”: the public form, in the site's own process. It needs no keys and no database, and goes on while the workspace
is locked: what is sent is sealed to the intake key and waits. Nothing of it is ever shown again.

Imports no model. No sign of who visits is kept, so `config.tree.visitors` says which language is spoken and whose forms are taken.
"""

from __future__ import annotations

import json
import uuid
from typing import Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from amanat.people import visiting
from amanat.web.forms import Radios

KIND: Final = "call_back"  # of the packets in the intake
# So many in so many seconds, all ours.
WITH_WORK, BY_WAITING, OF_ALL = (30, 600), (6, 600), (200, 3600)


class CallBackForm(visiting.VisitorForm):
    """Few fields; only the way to reach somebody is needed."""

    kind = KIND
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

    def __init__(self, request: HttpRequest, hotline: uuid.UUID | None) -> None:
        offered = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
        super().__init__(request, {"language": get_language()}, language=offered)
        self.hotline = hotline
        for name in ("way", "when"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def body(self) -> bytes:
        said = {name: self.cleaned_data[name] for name in ("way", "when", "language")}
        said["message"] = self.cleaned_data["message"] == "on"
        return json.dumps(said | {"hotline": self.hotline.hex if self.hotline else ""}, ensure_ascii=False).encode()


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, hotline: uuid.UUID | None = None) -> HttpResponse:
    form, limits = CallBackForm(request, hotline), visiting.Limits(WITH_WORK, BY_WAITING, OF_ALL)
    return visiting.answer(request, form, limits, template="hotline/call_back.html", then="hotline.call_back_sent")


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """That we have it, and nothing of what it is."""
    return render(request, "hotline/call_back_sent.html")


urlpatterns = [
    path("", call_back, name="hotline.site"),
    path("call-back", call_back, name="hotline.call_back"),
    path("call-back/sent", sent, name="hotline.call_back_sent"),
    path("call-back/<uuid:hotline>", call_back, name="hotline.call_back_at"),
]
