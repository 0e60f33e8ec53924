"""What somebody around a child is to it: where they stand, and whether the child is safe with them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind, PersonAround
from amanat.cases.persons import person_of
from amanat.social.models import Tie
from amanat.web.errors import PersonFacingError

SAFE_PERSON = "yes"


@verb(Verb.FAMILY_ASSESS)
def place_person(case: Case, *, person: PersonAround, ring: str, safe: str = "", words: str = "", actor: Actor) -> Tie:
    """Say where a person stands around the child (`ring`: household, family or others), and whether they are a safe person (yes, no or
    unknown, a code of `social_yes_no`). The newest word holds.

    Raises:
        PersonFacingError: they are recorded as a suspect and would be called safe, or were taken off the list.
        Closed: contacts or safety are not the actor's to write.
    """
    lock(case)
    file = open_file(actor, case)
    for part in (Part.CONTACTS, Part.SAFETY):
        if not file.writes(part):
            raise Closed(part)
    one = person_of(file, person.pk)
    if one is None:
        raise PersonFacingError(_("This person was taken off the list meanwhile."))
    if one.is_suspect and safe == SAFE_PERSON:
        raise PersonFacingError(
            _("This person is recorded as a suspect."),
            _("A suspect is no safe person. Look at the suspicion first."),
            "safe",
        )
    tie = Tie.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        person=one.row,
        content={"ring": ring, "safe": safe, "words": words},
    )
    mark(case, EventKind.PERSON_WRITTEN, actor, part=Part.CONTACTS, to=one.name.text or one.called, text=words)
    return tie
