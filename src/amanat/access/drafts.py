"""Drafts: what was typed and not yet sent, kept sealed for its author, offered again on the same page, gone when it was sent.

Not verbs, as the design says: saving a draft changes nothing for anybody else and is not in the log.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from amanat.access.loaders import load
from amanat.access.models import Draft
from amanat.people.clock import clock
from amanat.people.models import User
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.sealing import open_sealed

KEPT = timedelta(days=30)
LONGEST = 200  # characters of a page's address
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "code")


def save(author: User, page: str, body: QueryDict, now: datetime, subject: Subject | None = None) -> Draft:
    """Keep what was typed on a page of ours, in place of what was kept before."""
    body = body.copy()
    for name in NEVER_KEPT:
        body.pop(name, None)
    with transaction.atomic():
        draft = Draft.objects.filter(author=author, page=page).select_related("subject").first()
        if draft is None:
            draft = Draft(author=author, page=page, subject=subject or Subject.objects.begin(SubjectKind.DRAFT))
        draft.saved_at, draft.body = now, body.urlencode()
        draft.save()
    return draft


def keep_unsent(request: HttpRequest, author: User) -> str | None:
    """Keep what was sent to a page whose session had locked itself or ended; the page to find it on again.

    What the page's script was just saving as a draft is kept under the page that it was typed on.
    """
    page, body = request.path, request.POST
    if request.resolver_match and request.resolver_match.url_name == "access.draft":
        page, body = body.get("page", ""), QueryDict(body.get("body", ""))
    if not body or not is_page(page):
        return None
    save(author, page, body, clock())
    return page


def read(author: User, page: str, now: datetime) -> tuple[QueryDict, datetime] | None:
    """What this author typed on this page, and when it was kept."""
    draft = Draft.objects.filter(author=author, page=page, saved_at__gt=now - KEPT).select_related("subject").first()
    if draft is None:
        return None
    return QueryDict(open_sealed(draft, "body") or ""), draft.saved_at


def forget(author: User, page: str, *, below: bool = False) -> None:
    """Drop the draft; if it had a subject of its own, that goes as well. `below`: also those of pages under this address."""
    these = Q(page=page) | Q(page__startswith=f"{page}/") if below else Q(page=page)
    for draft in Draft.objects.filter(these, author=author).select_related("subject"):
        draft.delete()
        if draft.subject.kind == SubjectKind.DRAFT:
            draft.subject.delete()


def sweep(now: datetime) -> int:
    """Drop drafts older than 30 days; how many went."""
    old = Draft.objects.filter(saved_at__lte=now - KEPT)
    subjects = list(old.filter(subject__kind=SubjectKind.DRAFT).values_list("subject_id", flat=True))
    gone, _ = old.delete()
    Subject.objects.filter(pk__in=subjects).delete()
    return gone


def is_page(page: str) -> bool:
    """Whether this is the address of a page of ours, so that one can be sent there."""
    try:
        return len(page) <= LONGEST and hasattr(resolve(page).func, "page")
    except Resolver404:
        return False


def subject_of(page: str, actor: Any) -> Subject | None:
    """The subject of the file that a page's address names, if this actor may know of it; none where several children are written
    about."""
    try:
        match = resolve(page.split("?")[0])
    except Resolver404:
        return None
    held = getattr(match.func, "page", None)
    if held is None or not held.loads:
        return None
    name = held.loads[0]
    file = load(name, match.kwargs[name], actor)[1]
    return None if held.about_several else file.row.subject
