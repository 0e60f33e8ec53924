"""The pictures, sounds and films that forms show. They are about nobody; whoever may look at forms or fill them in gets them."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.forms import files, kept


@require_safe
def file(request: HttpRequest, version: uuid.UUID, name: str) -> HttpResponse:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.second_factor or not (actor.may(Verb.LOOK_FORMS) or actor.may(Verb.LOOK_CASELOAD)):
        raise Http404
    found = kept.file_of(version, name)
    if found is None:
        raise Http404
    answer = HttpResponse(found, content_type=files.kind_of(name))
    answer["Content-Disposition"] = "inline" if files.kind_of(name).startswith("image/") else "attachment"
    return answer
