"""Papers of many children in one file: asked for, and dropped. A thread of the task process (`gathering`) makes them one by one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.models import Case
from amanat.cases.papers import Paper
from amanat.exchange import bundles
from amanat.exchange.models import Bundle, BundleSheet
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError


@verb(Verb.PAPERS_GATHER, about=lambda ref: f"bundle {ref}: was asked for")
def gather(*, paper: Paper, language: str, cases: Sequence[Case], reason: str, actor: Actor) -> uuid.UUID:
    """Ask for a paper of each of these children. Returns the reference of the bundle.

    Args:
        language: a code, or `bundles.OWN_LANGUAGE`: each in that of whoever gets it.
        reason: who gets them and what for; it stands in the log of each child when its paper is made.

    Raises:
        PersonFacingError: there are none, or more than 200.
    """
    if not cases:
        raise PersonFacingError(_("There is nobody among these whose file is open to you."), field="which")
    if len(cases) > bundles.MOST:
        raise PersonFacingError(
            _("More than %(most)s children do not go into one file.") % {"most": bundles.MOST},
            _("Choose fewer."),
            field="which",
        )
    subject = Subject.objects.begin(SubjectKind.IMPORT)
    bundle = Bundle.objects.create(
        subject=subject,
        by=actor.membership,
        asked_at=actor.now,
        asked=len(cases),
        ends_at=actor.now + bundles.KEPT,
        wanted={"paper": paper.name, "language": language, "reason": reason, "asked_in": get_language()},
    )
    BundleSheet.objects.bulk_create(
        BundleSheet(subject=subject, bundle=bundle, place=place, case=case) for place, case in enumerate(cases)
    )
    return bundle.pk


@verb(Verb.PAPERS_DROP, about=lambda bundle: f"bundle {bundle.pk}: was dropped")
def drop(bundle: Bundle, *, actor: Actor) -> None:
    """Stop the work, if it goes on, and take away all that was made.

    Raises:
        Hidden: another worker asked for it, or it is gone.
    """
    bundles.drop(bundles.find(actor, bundle.pk))
