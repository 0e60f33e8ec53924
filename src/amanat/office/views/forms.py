"""Forms and packs: what is in use, uploading a form, trying it, publishing it, taking it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office import shelf, trying
from amanat.office.actions import publishing as acts
from amanat.office.uploads import Upload
from amanat.office.workbook_forms import PublishForm, WorkbookForm
from amanat.web.forms import Form


@page("forms", does=Verb.LOOK_FORMS)
def forms(request: Request) -> HttpResponse:
    """The pack in use and all forms, and what was uploaded and has faults."""
    pack = shelf.pack_in_use()
    context = {
        "pack": pack,
        "forms": [] if pack.faults else shelf.forms(),
        "uploads": shelf.uploads(),
        "uploads_forms": request.actor.may(Verb.FORM_UPLOAD),
    }
    return render(request, "office/forms.html", context)


@page("forms/upload", does=Verb.FORM_UPLOAD)
def upload_form(request: Request) -> HttpResponse:
    form = WorkbookForm(request)
    if not form.apply(acts.upload):
        return render(request, "office/upload_form.html", {"form": form})
    if isinstance(form.result, Upload):
        messages.warning(request, _("It has faults, so it can't be used yet. Mend them and upload it again."))
        return redirect("office.faulty_form", form.result.pk)
    messages.success(request, _("It has no faults. Try it, then publish it; until then nobody is offered it."))
    return redirect("office.form", form.result.form.name)


@page("forms/uploads/<uuid:upload>", does=Verb.LOOK_FORMS)
def faulty_form(request: Request, upload: uuid.UUID) -> HttpResponse:
    """What is wrong in a workbook that was uploaded."""
    context = {"held": shelf.upload_of(upload), "uploads_forms": request.actor.may(Verb.FORM_UPLOAD)}
    return render(request, "office/faulty_form.html", context)


@page("forms/uploads/<uuid:upload>/file", does=Verb.LOOK_FORMS)
def upload_file(request: Request, upload: uuid.UUID) -> HttpResponse:
    held = shelf.upload_of(upload)
    return _file(held.source_name, held.source)


@page("forms/uploads/<uuid:upload>/discard", does=Verb.FORM_UPLOAD)
def discard_upload(request: Request, upload: uuid.UUID) -> HttpResponse:
    held, form = shelf.upload_of(upload), Form(request)
    if form.apply(acts.discard_upload, held):
        messages.success(request, _("Thrown away."))
        return redirect("office.forms")
    return render(request, "office/discard_upload.html", {"form": form, "held": held})


@page("forms/named/<str:form_name>", does=Verb.LOOK_FORMS)
def form(request: Request, form_name: str) -> HttpResponse:
    """One form with its versions."""
    context = {
        "shelf": shelf.shelf_of(form_name),
        "uploads_forms": request.actor.may(Verb.FORM_UPLOAD),
        "publishes": request.actor.may(Verb.FORM_PUBLISH),
    }
    return render(request, "office/form.html", context)


@page("forms/named/<str:form_name>/<uuid:form_version>/file", does=Verb.LOOK_FORMS)
def form_file(request: Request, form_name: str, form_version: uuid.UUID) -> HttpResponse:
    version = shelf.version_of(form_name, form_version)
    return _file(version.source_name, version.source)


@page("forms/named/<str:form_name>/<uuid:form_version>/try", does=Verb.LOOK_FORMS)
def try_form(request: Request, form_name: str, form_version: uuid.UUID) -> HttpResponse:
    """The screens of a version, filled with test data; nothing of it is stored."""
    version = shelf.version_of(form_name, form_version)
    trial = trying.taken_up(version, request)
    if request.method == "POST":
        trying.go_on(trial, request)
    context = {**shelf.told(version), **trying.shown(trial, request)}
    if "HX-Request" in request.headers:
        return render(request, "forms/changed.html", context | trying.changed(trial, context["form"], request))
    template = "office/tried_form.html" if trial.is_over else "office/try_form.html"
    return render(request, template, context)


@page("forms/named/<str:form_name>/<uuid:form_version>/publish", does=Verb.FORM_PUBLISH)
def publish_form(request: Request, form_name: str, form_version: uuid.UUID) -> HttpResponse:
    """What it changes stands there before it is done."""
    version = shelf.version_of(form_name, form_version)
    form = PublishForm(request, version.form.version)
    if form.apply(acts.publish, version):
        messages.success(request, _("Published: from now on this version is filled in."))
        return redirect("office.form", form_name)
    context = {"form": form, **shelf.told(version), "changes": shelf.changes(version)}
    return render(request, "office/publish_form.html", context)


@page("forms/named/<str:form_name>/take-back", does=Verb.FORM_PUBLISH)
def take_back_form(request: Request, form_name: str) -> HttpResponse:
    found = shelf.shelf_of(form_name)
    form = PublishForm(request, found.form.version)
    if form.apply(acts.take_back, found.form):
        messages.success(request, _("Taken back: nobody is offered this form any more."))
        return redirect("office.form", form_name)
    return render(request, "office/take_back_form.html", {"form": form, "shelf": found})


@page("forms/named/<str:form_name>/<uuid:form_version>/discard", does=Verb.FORM_UPLOAD)
def discard_version(request: Request, form_name: str, form_version: uuid.UUID) -> HttpResponse:
    version, form = shelf.version_of(form_name, form_version), Form(request)
    if form.apply(acts.discard_version, version):
        messages.success(request, _("Thrown away."))
        return redirect("office.forms")
    return render(request, "office/discard_version.html", {"form": form, **shelf.told(version)})


def _file(name: str, content: bytes | memoryview) -> HttpResponse:
    """As it was uploaded; the browser keeps it and shows nothing of it."""
    answer = HttpResponse(bytes(content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
