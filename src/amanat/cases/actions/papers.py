"""A paper about a child that leaves the house in somebody's hands."""

from __future__ import annotations

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases import papers
from amanat.cases.models import Case


@verb(
    Verb.PAPER_HAND_OUT,
    about=lambda _case, paper, key, language: ", ".join(filter(None, (str(paper), key, language))),
    asked=["paper", "key", "language"],
    to=lambda handed_to: handed_to,
)
def hand_out(case: Case, *, paper: papers.Paper, language: str, key: str = "", to: str = "", actor: Actor) -> str:
    """Note that it is handed out; the paper itself was made before, so that nobody waits for it in a transaction.

    Args:
        key: of the row that it is about, as `papers.Paper.told` knows it: which version, which consent; it stands in the log.
        to: whom it is for, in the words of whoever hands it out; it stands in the log.

    Raises:
        Closed, Refused: the part of the file is not open to the actor, or a verb that it takes is not theirs.
    """
    papers.check(open_file(actor, case), paper)
    return to
