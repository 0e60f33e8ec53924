"""People around a child: written down and changed; a suspect neither consents nor is told, and as a worker finds nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.access.files import open_file, visible_to
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases import keyed, persons
from amanat.cases.actions import consenting, emergency, guarding
from amanat.cases.actions import persons as acts
from amanat.cases.actions.guarding import ManagerNeeded
from amanat.cases.known import ask_elsewhere
from amanat.cases.models import Case, Event, EventKind, PersonAround, Task, TaskKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.people.models import User
from amanat.web.errors import PersonFacingError
from tests.cast import CONTACTS, IDENTITY

pytestmark = pytest.mark.django_db

FATHER = {"name": "Döwlet Çaryýew", "relation": "father", "phone": "+993 12 463500", "words": "Lives with the child."}


@pytest.fixture
def father(actor, case):
    return acts.record_person(case, **FATHER, actor=actor("jemal"))


@pytest.fixture
def address(case):
    def of(page, person=None):
        return reverse(f"cases.{page}", args=[case, person.pk] if person else [case])

    return of


@pytest.fixture
def consent(cast):
    return {
        "purpose": "assistance_by_partner",
        "recipient": str(cast["selbi"].agency.pk),
        "parts": ["legal_file"],
        "given_by": "both",
        "words": "Hawa.",
        "given_on": "2026-11-24",
    }


def suspect(case, person, actor, by="jemal", **more):
    return acts.suspect(case, person=person, reason="Seen with the recruiter.", actor=actor(by), **more)


def test_a_person_is_written_down_changed_and_taken_off_the_list(browse, case, address):
    jemal = browse("jemal")
    jemal.post(address("add_person"), FATHER)
    person = PersonAround.objects.get()
    page = read(jemal, address("people"))
    assert "Döwlet Çaryýew" in page
    assert "Father" in page
    assert "Lives with the child." in page
    jemal.post(address("change_person", person), FATHER | {"phone": "", "seen": "1"})
    jemal.post(address("take_out_person", person), {"reason": "Not the father."})
    page = read(jemal, address("people"))
    assert "Döwlet Çaryýew" not in page
    assert "Nobody is written down yet" in page
    line = read(jemal, reverse("cases.file", args=[case]))
    assert "+993 12 463500, Lives with the child." in line  # what stood there before


def test_two_who_change_at_once_see_both_versions(browse, case, address, father):
    browse("jemal").post(address("change_person", father), FATHER | {"phone": "+993 65 000001", "seen": "1"})
    page = browse("jemal").post(address("change_person", father), FATHER | {"phone": "+993 65 000002", "seen": "1"})
    told = page.content.decode()
    assert "+993 65 000001" in told
    assert "+993 65 000002" in told
    assert "Somebody else changed this" in told


def test_who_sees_no_contacts_reads_no_name_but_that_of_a_suspect(actor, browse, case, address, father):
    assert "Name closed to you" in read(browse("aman"), address("people"))
    suspect(case, father, actor)
    page = read(browse("aman"), address("people"))
    assert "Döwlet Çaryýew" in page
    assert "Seen with the recruiter." in page
    assert "+993" not in page


# --- consent ---------------------------------------------------------------------------------------------------------


def test_with_parents_on_the_list_a_guardians_consent_says_whose_it_is(browse, address, father, consent):
    page = browse("jemal").post(address("record_consent"), consent).content.decode()
    assert "Choose which parent or guardian gave it." in page
    sent = consent | {"person": father.pk.hex, "informed": ["child", father.pk.hex]}
    assert browse("jemal").post(address("record_consent"), sent).status_code == 302
    page = read(browse("jemal"), address("consents"))
    assert "Döwlet Çaryýew, Father" in page
    assert "Who was told" in page


def test_a_suspect_is_not_offered_and_is_refused_where_they_are_sent_all_the_same(
    actor, browse, case, address, father, consent
):
    mother = acts.record_person(case, name="Maral", relation="mother", actor=actor("jemal"))
    suspect(case, father, actor)
    page = read(browse("jemal"), address("record_consent"))
    assert mother.pk.hex in page
    assert father.pk.hex not in page
    assert "Who was told <span" in page
    assert "Which parent or guardian</legend>" in page, (
        "not called optional: it is demanded where one of them gave the consent"
    )
    for field, sentence in (
        ("person", "This person can&#x27;t consent"),
        ("informed", "This person can&#x27;t be told"),
    ):
        sent = consent | {"person": mother.pk.hex} | {field: father.pk.hex}
        assert sentence in browse("jemal").post(address("record_consent"), sent).content.decode()
    assert not Consent.objects.exists()


def test_the_verb_refuses_a_suspect_whatever_the_page_offered(cast, actor, case, father):
    suspect(case, father, actor)
    told = {"purpose": "referral", "recipient": cast["selbi"].agency, "parts": [Part.LEGAL_FILE], "words": "Yes."}
    told |= {"given_on": cast.now.date(), "actor": actor("jemal")}
    for who in ({"given_by": "both", "person": father.pk.hex}, {"given_by": "child", "informed": [father.pk.hex]}):
        with pytest.raises(PersonFacingError, match="recorded as a suspect"):
            consenting.record_consent(case, **told, **who)
    with pytest.raises(PersonFacingError, match="The guardian's consent is missing"):
        consenting.record_consent(case, **told, given_by="child", informed=["child"])


def test_where_the_only_guardian_is_a_suspect_the_page_says_what_to_do(actor, browse, case, address, father, consent):
    suspect(case, father, actor)
    assert "Ask for a guardian without a conflict of interest" in read(browse("jemal"), address("record_consent"))
    page = browse("jemal").post(address("record_consent"), consent).content.decode()
    assert "is recorded as a suspect and can&#x27;t consent" in page
    assert "Ask for a guardian without a conflict" in page
    assert not Consent.objects.exists()


def test_a_consent_of_somebody_who_becomes_a_suspect_stays_and_the_case_manager_decides(
    cast, actor, browse, case, address, father, consent
):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    browse("jemal").post(address("record_consent"), consent | {"person": father.pk.hex})
    suspect(case, father, actor, by="merdan")
    assert Consent.objects.get().withdrawn_at is None
    assert "Whoever gave it is recorded as a suspect now" in read(browse("jemal"), address("consents"))
    flag = Task.objects.get(kind=TaskKind.FLAG)
    assert flag.owner == cast["jemal"]
    page = read(browse("jemal"), reverse("cases.my_day"))
    assert "given by somebody who may no longer consent" in page
    assert "Döwlet" not in page


def test_a_suspect_stays_on_the_list_until_cleared_with_a_reason(actor, browse, case, address, father):
    suspect(case, father, actor)
    page = browse("jemal").post(address("take_out_person", father), {"reason": "Gone."}).content.decode()
    assert "stays on the list" in page
    browse("jemal").post(address("clear_person", father), {"reason": "The police cleared him."})
    father.refresh_from_db()
    assert not father.suspicion
    kinds = Event.objects.filter(kind__in=[EventKind.SUSPECTED, EventKind.CLEARED]).values_list("part", flat=True)
    assert list(kinds) == [Part.SAFETY, Part.SAFETY]


# --- a suspect who works in the network ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "worker", "alike"),
    [
        ("Довлет Чарыев", "Döwlet Çaryýew", True),
        ("Çaryýew Döwlet Oraz ogly", "Döwlet Çaryýew", True),
        ("Dowlet", "Dowlet Charyev", True),
        ("Merdan Ataýew", "Döwlet Çaryýew", False),
        ("", "Döwlet Çaryýew", False),
    ],
)
def test_workers_of_a_like_name_are_found_across_scripts(name, worker, alike):
    assert bool(persons.workers_like(name, [User(display_name=worker)])) is alike


def test_marking_offers_workers_of_a_like_name_and_whoever_it_is_finds_nothing(cast, actor, browse, case, address):
    bring_in(case, cast, "dowlet", Relation.SOCIAL_WORKER)
    assert browse("dowlet").get(address("file")).status_code == 200
    uncle = acts.record_person(case, name="Дöвлет", relation="relative", actor=actor("jemal"))
    page = read(browse("jemal"), address("suspect_person", uncle))
    assert "Dowlet (social worker, Harbour Legal Aid)" in page
    assert "Merdan" not in page
    sent = {"worker": cast["dowlet"].user.pk.hex, "reason": "Named by the child."}
    assert browse("jemal").post(address("suspect_person", uncle), sent).status_code == 302
    dowlet = browse("dowlet")
    for page in ("file", "people", "consents", "circle", "note"):
        assert dowlet.get(address(page)).status_code == 404, page
    assert case.child.code_name not in read(dowlet, reverse("cases.caseload")) + read(dowlet, reverse("cases.my_day"))
    assert not visible_to(actor("dowlet"), Case.objects.all()).exists()
    assert not Grant.objects.active(cast.now).filter(membership=cast["dowlet"], subject=case.subject).exists()
    assert ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=actor("dowlet")).elsewhere == []
    with pytest.raises(emergency.NothingFound):
        emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=actor("dowlet"))


def test_a_suspect_who_is_the_case_manager_is_followed_by_another_in_the_same_step(cast, actor, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    person = acts.record_person(case, name="Jemal", relation="relative", actor=actor("jemal"))
    with pytest.raises(ManagerNeeded):
        suspect(case, person, actor, by="merdan", worker=cast["jemal"].user)
    assert not Conflict.objects.exists()
    suspect(case, person, actor, by="merdan", worker=cast["jemal"].user, to=cast["merdan"])
    assert not open_file(actor("jemal"), case).exists
    assert Grant.objects.get(relation=Relation.CASE_MANAGER, until=None).membership == cast["merdan"]


def test_nobody_records_themselves_and_nobody_is_kept_out_twice(cast, actor, case, father):
    with pytest.raises(PersonFacingError, match="Ask a colleague"):
        suspect(case, father, actor, worker=cast["jemal"].user)
    guarding.record_conflict(case, user=cast["dowlet"].user, reason="Cousin.", actor=actor("jemal"))
    suspect(case, father, actor, worker=cast["dowlet"].user)
    assert Conflict.objects.count() == 1
    with pytest.raises(PersonFacingError, match="already"):
        suspect(case, father, actor)


def test_taking_the_suspicion_back_lifts_no_conflict_and_says_who_could(cast, actor, browse, case, address, father):
    suspect(case, father, actor, worker=cast["dowlet"].user)
    assert "Taking the suspicion back does not lift the conflict" in read(
        browse("jemal"), address("clear_person", father)
    )
    acts.clear(case, person=father, reason="Cleared by the police.", actor=actor("jemal"))
    assert not open_file(actor("dowlet"), case).exists


def test_a_supervisor_records_a_suspect_whose_name_they_do_not_see(actor, browse, case, address, father):
    page = read(browse("aman"), address("suspect_person", father))
    assert "A person whose name is closed to you" in page
    assert "Döwlet" not in page
    suspect(case, father, actor, by="aman")
    assert persons.around(open_file(actor("jemal"), case))[0].is_suspect


@pytest.mark.sqlcipher_only
def test_the_list_costs_few_queries_however_long_it_is(actor, browse, case, address):
    for number in range(30):
        acts.record_person(case, name=f"Person {number}", relation="relative", actor=actor("jemal"))
    client = browse("jemal")
    with counting() as queries:
        read(client, address("people"))
    assert len(queries) <= 12
    with counting() as queries:
        read(client, address("record_consent"))
    assert len(queries) <= 12


def test_a_suspect_is_not_written_down_a_second_time_in_whatever_script(actor, browse, case, address, father):
    """A second line could consent. Whoever is another person of that name says so."""
    suspect(case, father, actor)
    held = {"name": persons.around(open_file(actor("jemal"), case))[0].name.text, "relation": "father"}
    told = browse("jemal").post(address("add_person"), held).content.decode()
    assert "A suspect of a like name stands on the list" in told
    assert case.child.persons.count() == 1
    browse("jemal").post(address("add_person"), held | {"is_another": "on"})
    assert case.child.persons.count() == 2


def test_without_a_suspect_nobody_is_asked_whether_it_is_another(browse, address, father):
    assert "is_another" not in browse("jemal").get(address("add_person")).content.decode()


def test_two_children_share_a_suspect_also_where_a_supervisor_recorded_it_who_reads_no_names(actor, register, case):
    other = register(
        identity=IDENTITY | {"names": [{"given": "Jeren", "family": "Test"}], "documents": []}, contacts={}
    )
    for one, name, by in ((case, "Batyr Amanow", "aman"), (other, "Батыр Аманов", "jemal")):
        person = acts.record_person(one, name=name, relation="relative", actor=actor("jemal"))
        suspect(one, person, actor, by=by)
    assert keyed.share_a_suspect(case.subject_id, [other.subject_id]) == {other.subject_id}
