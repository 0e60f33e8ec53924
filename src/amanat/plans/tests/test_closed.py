"""What stays between colleagues, and what only who sees an assessment learns: whoever reads the plan by a consent reads the plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.files import Closed, open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases import papers
from amanat.plans import conferring, evidence, voices
from amanat.plans.actions import drafting, talking
from amanat.plans.models import Comment, FrozenPlan, Report, Review
from amanat.plans.reading import Standing
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

Browse = Callable[..., Client]
TALK = ("He lies about his teeth", "Does not come", "Is afraid of boys", "Nothing goes on")


def named(name: str) -> papers.Paper:
    paper = papers.named(name)
    assert paper is not None
    return paper


@pytest.fixture
def talked(drafted: Drafted) -> Drafted:
    """A plan in force that was commented, reported on and reviewed; dowlet of another agency reads it by a consent."""
    cast, jemal = drafted.cast, drafted.cast.actor("jemal")
    talking.comment(drafted.case, words=TALK[0], is_proposal=True, actor=cast.actor("sona"))
    drafted.agree()
    talking.report(drafted.case, row=drafted.objective, state="stuck", on=TODAY, words=TALK[1], actor=jemal)
    talking.review(
        drafted.case, trigger="rhythm", on=TODAY, good=TALK[2], hard=TALK[3], child="x", decision="goes_on", actor=jemal
    )
    common = {"subject": drafted.case.subject, "recorded_by": cast["jemal"], "given_on": TODAY}
    consent = Consent.objects.create(
        purpose="referral", parts=["plan"], recipient=cast["dowlet"].agency, number="AAAA", **common
    )
    Grant.objects.create(
        subject=drafted.case.subject, membership=cast["dowlet"], relation=Relation.RECEIVER, since=NOW, consent=consent
    )
    return drafted


def test_who_receives_reads_the_plan_and_nothing_that_is_said_beside_it(talked: Drafted, browse: Browse) -> None:
    at = f"{talked.case.get_absolute_url()}/plan"
    pages = ("", "/versions/1", "/child", "/authority")
    for rest in pages:
        told = browse("dowlet").get(at + rest)
        assert told.status_code == 200, rest
        for words in (*TALK, "stuck", "not going on"):
            assert words not in told.content.decode(), (rest, words)
    assert "ninth form" in browse("dowlet").get(at).content.decode()
    assert browse("dowlet").get(f"{at}/reviews").status_code == 403
    ours = browse("ogulgerek").get(at).content.decode()
    assert all(words in ours for words in TALK)


def test_access_itself_opens_it_to_nobody_else(talked: Drafted) -> None:
    """Not the page: whatever a page forgets to leave out does not open."""
    file = open_file(talked.cast.actor("dowlet"), talked.case)
    assert file.sees(Part.PLAN)
    for row, name in (
        (Comment.objects.get(), "words"),
        (Report.objects.get(), "content"),
        (Review.objects.get(), "content"),
    ):
        with pytest.raises(Closed):
            file.open(row, name)
    assert (voices.comments_of(file), voices.reports_of(file)) == ([], {})
    standing = Standing(file)
    assert standing.agreed is not None
    assert file.open(standing.agreed.frozen, "content")
    assert "proposals" not in [one.content["what"] for one in conferring.points(file, ())]
    for name in ("jemal", "ogulgerek", "aman"):
        assert len(voices.comments_of(open_file(talked.cast.actor(name), talked.case))) == 1, name


def test_a_partners_specialist_in_the_circle_works_on_the_plan_with_the_others(talked: Drafted) -> None:
    """Brought in by a consent that names the plan: then it is theirs too, and they say of it what they see."""
    grant = Grant.objects.get(membership=talked.cast["dowlet"])
    Grant.objects.filter(pk=grant.pk).update(relation=Relation.SOCIAL_WORKER)
    file = open_file(talked.cast.actor("dowlet"), talked.case)
    assert len(voices.comments_of(file)) == 1
    assert not papers.may_hand_out(file, named("plan-authority"))
    assert papers.may_hand_out(file, named("plan-child"))
    talking.comment(talked.case, words="I agree.", is_proposal=False, actor=talked.cast.actor("dowlet"))
    assert len(voices.comments_of(file)) == 2


def test_the_title_of_an_assessment_stands_nowhere_in_the_plan(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of an instrument tells much: who does not see its record reads that there is one, and of which day."""
    value = f"record:3 {TODAY.isoformat()}"
    known = {value: evidence.Known("Depression scale, record 3", "/cases/x/records/3")}
    monkeypatch.setattr(evidence, "all_of", lambda file: known if file.sees(Part.PSYCHOLOGY_SUMMARY) else {})
    told = {"domain": "psychological", "level": "low", "words": "Does not sleep", "evidence": value}
    drafting.record_need(drafted.case, actor=drafted.cast.actor("jemal"), **told)
    drafted.agree()
    standing = Standing(open_file(drafted.cast.actor("jemal"), drafted.case))
    assert "Depression" not in str(standing.file.open(FrozenPlan.objects.get(), "content"))
    at = f"{drafted.case.get_absolute_url()}/plan"
    ours, theirs = (browse(name).get(at).content.decode() for name in ("ogulgerek", "bahar"))
    assert 'href="/cases/x/records/3">Depression scale, record 3</a>' in ours
    assert "Depression" not in theirs
    assert "A form that was recorded on" in theirs


def test_a_form_of_before_says_its_number_alone() -> None:
    assert "Depression" not in evidence.said("record:3 Depression scale")
