from datetime import timedelta
import pytest
from amanat.access.files import open_file, visible_to, Closed
from amanat.access.policy import Part, Relation
from amanat.cases.actions import changing, consenting, emergency, guarding, handing, registering, writing
from amanat.cases.models import Case, Event
from amanat.audit.models import Entry
from amanat.web.errors import Refused, Stale


def test_thin_line(cast, actor, case):
    jemal = actor("jemal")
    registering.open_case(case, risk="high", priority="P2", reason="call", actor=jemal)
    writing.note(case, part=Part.NARRATIVE, text="Hello", actor=jemal)
    assert open_file(jemal, case).open(case.child, "identity")["names"][0]["given"] == "Aylar"
    with pytest.raises(Refused):
        writing.note(case, part=Part.NARRATIVE, text="Hello", actor=actor("dowlet"))
    assert not visible_to(actor("dowlet"), Case.objects.all()).exists()
    assert visible_to(actor("aman"), Case.objects.all()).exists()
    assert visible_to(actor("irina"), Case.objects.all()).exists()
    with pytest.raises(Closed):
        open_file(actor("aman"), case).open(case.child, "identity")
    guarding.reveal(case, part=Part.IDENTITY, reason="x", actor=actor("aman"))
    open_file(actor("aman"), case).open(case.child, "identity")
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=jemal)
    with pytest.raises(Exception, match="no consent"):
        handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=jemal)
    c = consenting.record_consent(case, purpose="assistance_by_partner", recipient=cast["selbi"].agency, parts=[Part.LEGAL_FILE, Part.LEGAL_STATUS, Part.IDENTITY], given_by="both", words="yes", given_on=jemal.now.date(), actor=jemal)
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=jemal)
    f = open_file(actor("selbi"), case)
    assert f.writes(Part.LEGAL_FILE) and f.sees(Part.IDENTITY) and not f.sees(Part.CONTACTS)
    e = emergency.open_emergency(code_name=case.child.code_name, features=[], reason="danger", actor=actor("dowlet"))
    f = open_file(actor("dowlet"), case)
    assert f.sees(Part.CONTACTS) and not f.sees(Part.IDENTITY)
    emergency.judge_emergency(case, access=e, judgement="justified", reason="ok", actor=actor("aman"))
    assert not open_file(actor("dowlet"), case).exists
    changing.correct(case, part=Part.CONTACTS, value={"called": "B", "phones": []}, reason="x", seen=1, actor=jemal)
    with pytest.raises(Stale):
        changing.correct(case, part=Part.CONTACTS, value={"called": "C", "phones": []}, reason="x", seen=1, actor=jemal)
    consenting.withdraw_consent(case, consent=c, reason="x", actor=jemal)
    assert not open_file(actor("selbi"), case).exists
    changing.close(case, why="x", reason="done", actor=jemal)
    handing.hand_over(case, to=cast["merdan"], reason="leave", actor=jemal)
    assert not open_file(jemal, case).exists
    print(Entry.objects.count(), Event.objects.count())
