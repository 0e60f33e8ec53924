"""A form as a phone gets it: with the question which child it is about, and with a version that names it to the letter."""

from __future__ import annotations

import csv
import hashlib
import io
import uuid
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree

from amanat.access.actor import Actor
from amanat.access.files import open_files
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.queries import cases_of
from amanat.cases.shown import case_of
from amanat.forms import kept
from amanat.forms.documents import XFORMS, Element, local, parsed
from amanat.forms.faulty import FaultyForm
from amanat.forms.models import FormVersion

CASES = "cases.csv"
CASE_REF = "case_ref"
SHORT = 12  # digits of the digest, in the version
_X = f"{{{XFORMS}}}"


def version_of(version: FormVersion) -> str:
    return f"{version.version or '-'} {version.digest[:SHORT]}"


def found(form_id: str, told: str) -> FormVersion | None:
    """The version that a phone was given."""
    rows = FormVersion.objects.select_related("form").filter(form__name=form_id)
    return rows.filter(digest__startswith=told.rpartition(" ")[2]).first() if " " in told else None


def xform(version: FormVersion, language: str) -> bytes:
    return _made(version.pk, language, bytes(version.xform), version_of(version))


@lru_cache(maxsize=128)
def _made(_key: uuid.UUID, language: str, content: bytes, told: str) -> bytes:
    root = parsed(content)
    model = next(root.iter(f"{_X}model"))
    instance = next(model.iter(f"{_X}instance"))
    primary = next(one for one in instance if isinstance(one.tag, str))
    primary.set("version", told)
    if not any(local(one) == CASE_REF for one in primary):
        with translation.override(language):
            _ask_whom(root, model, instance, primary)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _ask_whom(root: Element, model: Element, instance: Element, primary: Element) -> None:
    """Put the question before all others, with the list of files that the phone gets."""
    path = f"/{local(primary)}/{CASE_REF}"
    space = etree.QName(primary).namespace
    primary[0:0] = [etree.Element(f"{{{space}}}{CASE_REF}" if space else CASE_REF)]
    instance.addnext(etree.Element(f"{_X}instance", id="cases", src=f"jr://file-csv/{CASES}"))
    etree.SubElement(model, f"{_X}bind", nodeset=path, type="string")
    asked = etree.Element(f"{_X}select1", ref=path)
    etree.SubElement(asked, f"{_X}label").text = _("Which child’s file?")
    items = etree.SubElement(asked, f"{_X}itemset", nodeset="instance('cases')/root/item")
    etree.SubElement(items, f"{_X}value", ref="name")
    etree.SubElement(items, f"{_X}label", ref="label")
    body = next(one for one in root if isinstance(one.tag, str) and local(one) == "body")
    body[0:0] = [asked]


def media(version: FormVersion, cases: bytes) -> dict[str, bytes]:
    """The files beside it, the list of files among them."""
    return {name: text.encode() for name, text in version.media.items()} | {CASES: cases}


def writable(actor: Actor) -> list[Case]:
    """Those on whose files the actor may record a form, by code name."""
    files = [file for file in open_files(actor, cases_of(actor)) if file.may(Verb.FORM_RECORD)]
    return sorted((case_of(file) for file in files), key=str)


def case_list(actor: Actor) -> bytes:
    """Code names and references, nothing else of anybody."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["name", "label"])
    rows.writerows([case.pk.hex, str(case)] for case in writable(actor))
    return text.getvalue().encode()


def versions() -> list[FormVersion]:
    """What is published now. A form of the pack that can't be turned is left out: its page says why."""
    rows = []
    for form in kept.published():
        try:
            rows.append(kept.current(form.name))
        except (kept.NoForm, FaultyForm):
            continue
    return rows


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
