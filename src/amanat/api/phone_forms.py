"""A form as a phone gets it: with the question which child it is about, with the key that the phone encrypts to, and with a version
that names both to the letter, so that a phone fetches it anew when either changes.
"""

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
from amanat.api import form_keys
from amanat.api.form_keys import Lock
from amanat.cases.models import Case
from amanat.cases.queries import cases_of
from amanat.cases.shown import case_of
from amanat.forms import kept
from amanat.forms.documents import XFORMS, Element, local, parsed
from amanat.forms.faulty import FaultyForm
from amanat.forms.models import Form, FormVersion
from amanat.forms.packed import of_the_pack

CASES = "cases.csv"
CASE_REF = "case_ref"
SHORT = 12  # digits of the digest, in the version
_X = f"{{{XFORMS}}}"


def version_of(version: FormVersion, lock: Lock | None = None) -> str:
    return f"{version.version or '-'} {version.digest[:SHORT]}.{(lock or form_keys.lock()).mark}"


def found(form_id: str, told: str) -> FormVersion | None:
    """The version that a phone was given; also one from before forms were encrypted, or from under a former key."""
    rows = FormVersion.objects.select_related("form").filter(form__name=form_id)
    digest = told.rpartition(" ")[2].partition(".")[0]
    return rows.filter(digest__startswith=digest).first() if len(digest) == SHORT and " " in told else None


def xform(version: FormVersion, language: str, lock: Lock | None = None) -> bytes:
    return _made(version.pk, language, version.version, version.digest, lock or form_keys.lock())


def md5_of(version: FormVersion, language: str, lock: Lock) -> str:
    return _hashed(version.pk, language, version.version, version.digest, lock)


# A version is never changed. What a list says of each form is little; forms themselves are asked for seldom.
@lru_cache(maxsize=2048)
def _hashed(key: uuid.UUID, language: str, told: str, digest: str, lock: Lock) -> str:
    return md5(_made(key, language, told, digest, lock))


@lru_cache(maxsize=32)
def _made(key: uuid.UUID, language: str, told: str, digest: str, lock: Lock) -> bytes:
    content = FormVersion.objects.values_list("xform", flat=True).get(pk=key)
    root = parsed(bytes(content))
    model = next(root.iter(f"{_X}model"))
    instance = next(model.iter(f"{_X}instance"))
    primary = next(one for one in instance if isinstance(one.tag, str))
    primary.set("version", f"{told or '-'} {digest[:SHORT]}.{lock.mark}")
    if not any(local(one) == CASE_REF for one in primary):
        with translation.override(language):
            _ask_whom(root, model, instance, primary)
    _lock(model, lock.public)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _lock(model: Element, public: str) -> None:
    """Let the phone encrypt what is filled in, and to nobody but us, whatever its author wrote."""
    for one in list(model.iter(f"{_X}submission")):
        one.getparent().remove(one)
    etree.SubElement(model, f"{_X}submission", base64RsaPublicKey=public)


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
    """The files beside it: lists, pictures, and the list of files among them."""
    shown = {name: bytes(content) for name, content in version.files.values_list("name", "content")}
    return shown | {name: text.encode() for name, text in version.media.items()} | {CASES: cases}


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
    held = {form.name: form for form in kept.light_forms()}
    rows = (_version(one.name, held.get(one.name)) for one in kept.published(held.values()))
    return [row for row in rows if row is not None]


def titles() -> dict[str, str]:
    """What is offered now, by its name, in the language of the page."""
    return {one.name: str(one.title) for one in kept.published()}


def _version(name: str, form: Form | None) -> FormVersion | None:
    """As it is kept; turned into one first where the pack says something new. What can't be turned is not tried at each call."""
    written = of_the_pack().get(name) if form is None or form.follows_pack else None
    if form and form.published and (written is None or form.published.digest == written.digest):
        form.published.form = form  # which it came with
        return form.published
    if written is None or written.digest in _cant_be_turned:
        return None
    try:
        return kept.current(name)
    except kept.NoForm:
        return None
    except FaultyForm:
        _cant_be_turned.add(written.digest)
        return None


_cant_be_turned: set[str] = set()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
