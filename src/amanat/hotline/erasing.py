"""What an erasure takes away of the hotline: of a child's file that a case came out of a matter; of a matter all of it."""

from __future__ import annotations

from amanat.hotline.models import Call, CallerMark, Matter, MatterCase, MatterLink, Note, RecruiterMark
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    """The matter of a child who is erased stays, with its calls: they are its callers', and it is erased by itself."""
    MatterCase.objects.filter(case__subject__in=erasing.subjects).delete()
    matters = Matter.objects.filter(subject__in=erasing.subjects)
    ids = list(matters.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    calls, notes = Call.objects.filter(matter__in=ids), Note.objects.filter(matter__in=ids)
    erasing.refs.update(ids, *(rows.values_list("pk", flat=True) for rows in (calls, notes)))
    notes.delete()
    Note.objects.filter(call__in=calls).update(call=None)  # debriefs that stayed in another matter
    for model in (CallerMark, RecruiterMark, MatterCase):
        model._default_manager.filter(matter__in=ids).delete()
    MatterLink.objects.filter(first__in=ids).delete()
    MatterLink.objects.filter(second__in=ids).delete()
    calls.delete()
    matters.delete()
