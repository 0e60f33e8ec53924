"""Bundles as their owner has them: of whom papers can be gathered, how far it is, and the file. For everybody else there is none."""

from __future__ import annotations

import base64
import io
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.loaders import Hidden
from amanat.access.policy import Verb
from amanat.cases import papers
from amanat.cases.going_out import managed
from amanat.cases.models import Case
from amanat.exchange.models import Bundle, BundleSheet, BundleState, SheetState
from amanat.vault.models import Subject
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

KEPT: Final = timedelta(days=1)  # after the last paper was made
MOST: Final = 200  # children in one
OWN_LANGUAGE: Final = "own"


def bundles_of(actor: Actor) -> QuerySet[Bundle]:
    """Those that the actor asked for in this membership, and that have not ended."""
    rows = Bundle.objects.filter(by=actor.membership, ends_at__gt=actor.now)
    return rows.select_related("subject").order_by("-asked_at", "-id")


def find(actor: Actor, ref: uuid.UUID) -> Bundle:
    """Raises:
    Hidden: there is none, another worker asked for it, or its day is over.
    """
    found = bundles_of(actor).filter(pk=ref).first()
    if found is None:
        raise Hidden(None)
    return found


def wanted(bundle: Bundle, actor: Actor) -> dict[str, Any]:
    """Raises:
    Refused: another worker asked for it.
    """
    if bundle.by_id != actor.membership.pk:
        raise Refused()
    told: dict[str, Any] = open_sealed(bundle, "wanted")
    return told


def paper_of(told: dict[str, Any]) -> papers.Paper | None:
    return papers.named(told["paper"])


def could(actor: Actor) -> QuerySet[Case]:
    """Children of whom the actor can gather papers: whose case manager they are, whose agency they supervise, who sleep in their house;
    open cases, of which they may know. To stand in a circle is not enough for papers of many."""
    theirs = reduce(or_, (Q(pk__in=group.rows.order_by().values("pk")) for group in groups(actor)))
    rows = visible_to(actor, Case.objects.filter(theirs, closed_at=None))
    return rows.select_related("subject", "child", "agency").order_by("-opened_in", "id")


def groups(actor: Actor) -> list[papers.Group]:
    """Of whom all can be gathered at once."""
    own = []
    if actor.may(Verb.LOOK_BOARD):
        label = _("All open files of our agency")
        own.append(papers.Group("agency", label, Case.objects.filter(agency=actor.membership.agency, closed_at=None)))
    managed_ones = papers.Group("managed", _("All whose case manager I am"), managed(actor))
    return [managed_ones, *own, *papers.groups(actor)]


def chosen(actor: Actor, which: str, ticked: Sequence[str]) -> list[Case]:
    """One more at most than a bundle holds."""
    group = next((one for one in groups(actor) if one.name == which), None)
    rows = could(actor)
    rows = rows.filter(pk__in=ticked) if group is None else rows.filter(pk__in=group.rows.order_by().values("pk"))
    return list(rows[: MOST + 1])


@dataclass(frozen=True)
class Shown:
    """The paper of a child, for the owner: whose it is while they may know of the file, and why it was left out."""

    row: BundleSheet
    file: File
    why: str

    @property
    def code_name(self) -> str:
        return str(self.file.row) if self.file.exists else ""

    @property
    def is_made(self) -> bool:
        return self.row.state == SheetState.MADE

    @property
    def badge(self) -> tuple[str, str]:
        return {"made": ("success", "check"), "left_out": ("warning", "alert")}.get(self.row.state, ("", "clock"))


def sheets_of(bundle: Bundle, actor: Actor) -> list[Shown]:
    """So many queries, however many children. What was made and is not the owner's to see any more is left out here, too."""
    told = wanted(bundle, actor)
    rows = BundleSheet.objects.filter(bundle=bundle).order_by("place").defer("made")
    held = list(rows.select_related("case__subject", "case__child", "case__agency"))
    paper, shown = paper_of(told), []
    why = _whys(bundle)
    for row, file in zip(held, open_files(actor, [row.case for row in held]), strict=True):
        lost = paper is None or not papers.may_hand_out(file, paper)
        if lost and row.state == SheetState.MADE:
            row.state, why[row.pk] = SheetState.LEFT_OUT, _("This file is not open to you any more.")
        shown.append(Shown(row, file, why.get(row.pk, "")))
    return shown


def _whys(bundle: Bundle) -> dict[uuid.UUID, str]:
    rows = list(BundleSheet.objects.filter(bundle=bundle, state=SheetState.LEFT_OUT))
    return {row.pk: str(_opened(bundle, row).get("why", "")) for row in rows}


def _opened(bundle: Bundle, row: BundleSheet) -> dict[str, Any]:
    row.subject = bundle.subject  # so that the data key is unwrapped once
    told: dict[str, Any] = open_sealed(row, "made") or {}
    return told


def zipped(bundle: Bundle, shown: Sequence[Shown], name: str) -> bytes:
    """The PDFs of those that are open to the owner, and a list of who is not among them and why."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as together:
        for one, content in _contents(bundle, shown):
            together.writestr(f"{one.row.place + 1:03} {name} {one.code_name}.pdf", content)
        left = [one for one in shown if not one.is_made]
        gone = bundle.asked - len(shown)
        if left or gone:
            listed = _("left out")
            together.writestr(f"{listed}.txt", "\r\n".join(_said(left, gone)).encode("utf-8-sig"))
    return made.getvalue()


def _contents(bundle: Bundle, shown: Sequence[Shown]) -> Iterator[tuple[Shown, bytes]]:
    """One at a time, so that they do not stand in memory twice."""
    for one in shown:
        if one.is_made:
            row = BundleSheet.objects.filter(pk=one.row.pk, state=SheetState.MADE).first()
            if row is not None:  # else the child was erased meanwhile
                yield one, base64.b64decode(_opened(bundle, row)["pdf"])


def _said(left: Sequence[Shown], gone: int) -> Iterator[str]:
    for one in left:
        why = one.why or _("It was not made yet.")
        yield f"{one.code_name or '–'}: {why}"
    if gone:
        yield erased(gone)


def erased(count: int) -> str:
    return _("%(count)s of the files that you chose were erased since.") % {"count": count}


def held_in(bundle: Bundle, shown: Sequence[Shown]) -> str:
    """What the file holds, of those of whom its owner may know; that there are others is told by nothing."""
    told = {"asked": bundle.asked, "made": sum(one.is_made for one in shown)}
    return (
        _(
            "Open files before you when you asked: %(asked)s. Papers in the ZIP: %(made)s. A house or an agency may have more children:"
            " those whose file is not open to you are not in it and not counted here."
        )
        % told
    )


def drop(bundle: Bundle) -> None:
    """With all that was made."""
    BundleSheet.objects.filter(bundle=bundle).delete()
    subject = bundle.subject_id
    bundle.delete()
    Subject.objects.filter(pk=subject).delete()


def sweep(now: datetime) -> int:
    """Drop those whose day is over; how many went."""
    over = Bundle.objects.filter(ends_at__lte=now).exclude(state=BundleState.GATHERING)
    gone = 0
    for ref in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            row = over.select_for_update(no_key=True).filter(pk=ref).first()
            if row is not None:
                drop(row)
                gone += 1
    return gone
