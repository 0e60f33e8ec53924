"""The pages of facts: what a worker reads of a child, writes into it and takes out, each as far as they see and write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access.models import Conflict, Draft
from amanat.access.policy import Part, Relation
from amanat.cases.actions import guarding
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, EventKind, FormerValue, Sheet
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.packs.tests.conftest import island, stays  # noqa: F401  (a country pack with days in an order of its own)
from amanat.vault.sealing import open_sealed
from tests.cast import CONTACTS, Cast

QUERIES = 12
Browse = Callable[..., Client]


@pytest.fixture
def jemal(browse: Browse) -> Client:
    return browse("jemal")


@pytest.fixture
def told(case: Case, cast: Cast) -> Case:
    """A case in which something stands in most sections, and three places in another order than that of their days."""
    filled: list[tuple[str, int | None, dict[str, Any]]] = [
        ("person", 1, {"prs_Citizenship": ["TM", "RU"], "prs_MailingCity": "Mary", "prs_MaritalStatus": "Single"}),
        ("victim_context", 1, {"vic_TraffickingStatus": "PossibleVictimOfTrafficking", "vic_AgeWhenTrafficked": 12}),
        ("victim_context", 1, {"vic_MethodsOfControl": ["DebtBondage", "PhysicalThreats"]}),
        ("historic_event", None, {"hte_Date": "2024-04-02", "hte_City": "Rize", "hte_Type": "Exploitation"}),
        ("historic_event", None, {"hte_City": "Sarp", "hte_Type": "Transit"}),
        ("historic_event", None, {"hte_Date": "2024-03-12", "hte_City": "Mary", "hte_Description": "У соседей."}),
        ("support_plan", None, {"spl_Objectives": "Back to school."}),
        ("consent", 1, {"con_Consent": True}),
    ]
    for section, record, values in filled:
        write_facts(case, section=section, record=record, values=values, actor=cast.actor("jemal"))
    return case


def facts_of(case: Case) -> str:
    return f"{case.get_absolute_url()}?section=facts"


def section_of(case: Case, section: str, *more: str) -> str:
    return "/".join([case.get_absolute_url(), "facts", section, *more])


def standing(case: Case, section: str, record: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for sheet in Sheet.objects.select_related("subject").filter(child=case.child_id, section=section, record=record):
        found |= open_sealed(sheet, "values")
    return found


def fields_in(page: str) -> set[str]:
    """Names of the fields that the page's forms ask for, of the standard."""
    return set(re.findall(r'name="((?:prs|vic|per|cas|cco|hte|spl|con|org)_\w+)"', page))


def sent(page: str, **changed: Any) -> dict[str, Any]:
    """What a browser would send from a page, changed by its reader."""
    form = page[page.index("data-draft data") :]
    body: dict[str, Any] = dict(
        re.findall(r'<input type="(?:hidden|text|date|number)" name="([a-zA-Z_]+)" value="([^"]*)"', form)
    )
    body |= {
        name: text.strip("\n")
        for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    }
    for name, value in re.findall(r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]*)"[^>]*checked', form):
        body.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        body.setdefault(name, []).extend(re.findall(r'<option value="([^"]*)" selected', options))
    return body | changed


# --- the file's own page ---------------------------------------------------------------------------------------------


def test_the_file_tells_in_short_what_is_known(jemal: Client, told: Case) -> None:
    page = read(jemal, facts_of(told))
    for said in ("Turkmenistan, Russia", "Mary", "Possible: there are signs", "Back to school.", "12 March 2024"):
        assert said in page
    assert "data-draft data" not in page


def test_places_stand_in_the_order_of_their_days(jemal: Client, told: Case) -> None:
    page = read(jemal, facts_of(told))
    assert page.index("12 March 2024") < page.index("2 April 2024") < page.index("Sarp")


def test_a_section_without_anything_offers_to_be_filled_in(jemal: Client, told: Case) -> None:
    page = read(jemal, facts_of(told))
    assert "Not filled in yet" in page
    assert f'href="{section_of(told, "perpetrator", "new")}"' in page
    assert f'href="{section_of(told, "case", "1")}"' in page


def test_a_file_without_facts_says_how_to_begin(jemal: Client, case: Case) -> None:
    assert "Nothing is filled in yet. Begin with what you know." in read(jemal, facts_of(case))


def test_whoever_sees_neither_facts_nor_narrative_reads_what_they_do_see(
    browse: Browse, told: Case, cast: Cast
) -> None:
    bring_in(told, cast, "bahar", Relation.CENTRE_WORKER)
    page = read(browse("bahar"), facts_of(told))
    assert "Turkmenistan, Russia" in page
    assert "Back to school." in page
    for closed in ("Possible: there are signs", "Rize", "У соседей.", section_of(told, "victim_context")):
        assert closed not in page


def test_a_supervisor_reads_and_is_offered_no_form(browse: Browse, told: Case) -> None:
    page = read(browse("aman"), facts_of(told))
    assert "Possible: there are signs" in page
    assert "Not filled in yet" not in page
    section = read(browse("aman"), section_of(told, "historic_event"))
    assert "Rize" in section
    assert "У соседей." not in section  # narrative: shown after a reason only
    assert "Have it shown" in section
    assert section_of(told, "historic_event", "1") not in section
    assert browse("aman").get(section_of(told, "historic_event", "1")).status_code == 403


def test_words_in_cyrillic_letters_are_marked_as_such(jemal: Client, told: Case) -> None:
    assert '<div lang="ru">У соседей.</div>' in read(jemal, section_of(told, "historic_event"))


# --- a section's page ------------------------------------------------------------------------------------------------


def test_a_section_shows_all_that_stands_in_it_in_words(jemal: Client, told: Case) -> None:
    page = read(jemal, section_of(told, "victim_context"))
    for said in ("Possible: there are signs", "A debt that had to be worked off", "Threats of violence", ">12<"):
        assert said in page


def test_what_the_file_keeps_elsewhere_is_shown_with_the_way_to_where_it_is_corrected(
    jemal: Client, told: Case
) -> None:
    for address in (section_of(told, "person"), section_of(told, "person", "1")):
        page = read(jemal, address)
        assert "Aylar" in page
        assert "I-AŞ 123456" in page
        assert f'href="{reverse("cases.correct", args=[told, "identity"])}"' in page
    assert not {"prs_FirstName", "prs_Birthdate", "prs_HomePhone"} & fields_in(page)


def test_what_stood_there_before_stands_on_the_page(jemal: Client, told: Case, cast: Cast) -> None:
    page = read(jemal, section_of(told, "victim_context"))
    assert "Replaced by Jemal" in page
    assert "Nothing was changed here yet" in read(jemal, section_of(told, "person"))


def test_a_year_of_birth_is_read_as_a_year(jemal: Client, register: Callable[..., Case]) -> None:
    case = register(identity={"names": [{"given": "Aylar"}], "birth_year": "2012"})
    assert ">2012<" in read(jemal, section_of(case, "person"))


@pytest.mark.parametrize(
    "address",
    ["nonsense", "identity", "person/2", "person/new", "historic_event/9", "historic_event/9/take-out", "nonsense/1"],
)
def test_what_is_not_there_is_not_found(jemal: Client, told: Case, address: str) -> None:
    assert jemal.get(section_of(told, address)).status_code == 404


def test_an_outsider_finds_no_such_page(browse: Browse, told: Case) -> None:
    for address in ("person", "person/1", "historic_event/new", "historic_event/1/take-out", ALSO_IN_THE_SOURCE):
        assert browse("dowlet").get(section_of(told, address)).status_code == 404


def test_what_no_field_took_is_shown_to_whoever_reads_the_narrative(
    jemal: Client, browse: Browse, told: Case, cast: Cast
) -> None:
    Sheet.objects.create(
        subject=told.subject,
        child=told.child,
        section=ALSO_IN_THE_SOURCE,
        part=Part.NARRATIVE,
        changed_by=cast["jemal"],
        changed_at=cast.now,
        values={"Shoe size": "36"},
    )
    bring_in(told, cast, "bahar", Relation.CENTRE_WORKER)
    assert "Also in the source" in read(jemal, facts_of(told))
    assert "Shoe size" in read(jemal, section_of(told, ALSO_IN_THE_SOURCE))
    assert "Also in the source" not in read(browse("bahar"), facts_of(told))
    assert browse("bahar").get(section_of(told, ALSO_IN_THE_SOURCE)).status_code == 403


def test_what_was_to_be_a_phone_is_read_by_who_reads_phones_and_not_with_the_narrative(
    jemal: Client, browse: Browse, told: Case, cast: Cast
) -> None:
    """Also not after the narrative was revealed."""
    for part, values in ((Part.NARRATIVE, {"Shoe size": "36"}), (Part.CONTACTS, {"Mobile": "+99312345678 or so"})):
        Sheet.objects.create(
            subject=told.subject,
            child=told.child,
            section=ALSO_IN_THE_SOURCE,
            part=part,
            changed_by=cast["jemal"],
            changed_at=cast.now,
            values=values,
        )
    bring_in(told, cast, "bahar", Relation.CENTRE_WORKER)
    guarding.reveal(told, part=Part.NARRATIVE, reason="A complaint.", actor=cast.actor("aman"))
    page = section_of(told, ALSO_IN_THE_SOURCE)
    seen = {name: read(browse(name), page) for name in ("jemal", "bahar", "aman")}
    assert {name: ("or so" in text, "Shoe size" in text) for name, text in seen.items()} == {
        "jemal": (True, True),
        "bahar": (True, False),
        "aman": (False, True),
    }
    assert "or so" not in read(browse("aman"), facts_of(told))


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_form_asks_only_for_what_its_reader_writes(browse: Browse, told: Case, cast: Cast) -> None:
    bring_in(told, cast, "merdan", Relation.SOCIAL_WORKER)
    page = read(browse("merdan"), section_of(told, "person", "1"))
    assert "prs_MailingCity" in fields_in(page)
    assert not {"prs_Citizenship", "prs_MaritalStatus"} & fields_in(page)
    assert "You see this and do not write it." in page
    assert "Russia" in page


def test_a_change_is_saved_and_everything_else_stays_exactly_as_it_was(jemal: Client, told: Case, cast: Cast) -> None:
    """Also the order in which codes came, and line breaks that a browser would send otherwise."""
    plan = {"spl_Objectives": "One.\nTwo. ", "spl_ActionPlan": "x"}
    write_facts(told, section="support_plan", record=1, values=plan, actor=cast.actor("jemal"))
    for section, field, value in (
        ("victim_context", "vic_AgeWhenTrafficked", "13"),
        ("person", "prs_MailingStreet", "Oak 5"),
        ("support_plan", "spl_ActionPlan", "Talk to the school."),
    ):
        before = standing(told, section)
        page = section_of(told, section, "1")
        answer = jemal.post(page, sent(read(jemal, page), **{field: value}))
        assert answer["Location"] == section_of(told, section)
        assert standing(told, section) == before | {field: 13 if value == "13" else value}
    assert standing(told, "victim_context")["vic_MethodsOfControl"] == ["DebtBondage", "PhysicalThreats"]
    assert standing(told, "support_plan")["spl_Objectives"] == "One.\nTwo. "


def test_a_form_sent_back_as_it_came_changes_nothing(jemal: Client, told: Case) -> None:
    kept, lines = FormerValue.objects.count(), told.events.count()
    for section in ("person", "victim_context", "historic_event", "consent", "support_plan"):
        page = section_of(told, section, "1")
        assert jemal.post(page, sent(read(jemal, page))).status_code == 302
    assert (FormerValue.objects.count(), told.events.count()) == (kept, lines)


def test_another_place_is_added_and_stands_in_its_order(jemal: Client, told: Case) -> None:
    page = section_of(told, "historic_event", "new")
    body = {
        "hte_Date": "2024-03-20",
        "hte_City": "Turkmenbashi",
        "hte_Country": "TM",
        "hte_Type": "Transit",
        "seen": "0",
    }
    assert jemal.post(page, sent(read(jemal, page), **body)).status_code == 302
    section = read(jemal, section_of(told, "historic_event"))
    assert section.index("12 March 2024") < section.index("20 March 2024") < section.index("2 April 2024")


def test_an_empty_record_is_not_added(jemal: Client, told: Case) -> None:
    page = section_of(told, "perpetrator", "new")
    assert "Nothing is filled in yet." in jemal.post(page, sent(read(jemal, page))).content.decode()
    assert not standing(told, "perpetrator")


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("historic_event", "hte_Latitude", "91"),
        ("historic_event", "hte_Longitude", "-181"),
        ("historic_event", "hte_Date", "2024-02-30"),
        ("historic_event", "hte_Country", "Atlantis"),
        ("historic_event", "hte_Date", "2026-11-25"),
        ("historic_event", "hte_Date", "0202-03-04"),
        ("victim_context", "vic_AgeWhenTrafficked", "-1"),
        ("victim_context", "vic_AgeWhenTrafficked", "145"),
        ("victim_context", "vic_AgeWhenTrafficked", "12.5"),
        ("victim_context", "vic_MethodsOfControl", "Nonsense"),
        ("person", "prs_Citizenship", "XX"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_typed_is_lost(
    jemal: Client, told: Case, section: str, field: str, value: str
) -> None:
    page = section_of(told, section, "1")
    answer = jemal.post(page, sent(read(jemal, page), **{field: value})).content.decode()
    assert "Please look at this again" in answer
    assert f'href="#id_{field}' in answer
    assert value.isalpha() or f'value="{value}"' in answer  # what is no word was typed, not chosen
    assert standing(told, section).get(field) != value


def test_a_number_that_is_too_large_is_said_with_its_bound_and_how_to_mend_it(jemal: Client, told: Case) -> None:
    page = section_of(told, "victim_context", "1")
    answer = jemal.post(page, sent(read(jemal, page), vic_AgeWhenTrafficked="145")).content.decode()
    assert "This is more than 120. Look whether the number is right." in answer


@pytest.mark.parametrize(
    ("identity", "day", "is_said"),
    [
        ({"birth_date": "2012-04-05"}, "2012-04-04", True),
        ({"birth_date": "2012-04-05"}, "2012-04-05", False),
        ({"birth_year": "2012"}, "2011-12-31", True),
        ({"birth_year": "2012"}, "2012-01-01", False),
        ({"birth_date": "2012-04-05", "certainty": "documented"}, "2012-04-04", True),
        ({"birth_date": "2012-04-05", "certainty": "estimated"}, "2012-04-04", False),
        ({"birth_date": "2012-04-05", "certainty": "assessed"}, "2012-04-04", False),
        ({"birth_year": "2012", "certainty": "claimed"}, "2011-12-31", False),
        ({}, "2001-01-01", False),
    ],
)
def test_what_happened_to_a_child_is_not_before_its_birth(
    jemal: Client, register: Callable[..., Case], identity: dict[str, str], day: str, is_said: bool
) -> None:
    case = register(identity={"names": [{"given": "Aylar"}]} | identity)
    page = section_of(case, "historic_event", "new")
    answer = jemal.post(page, sent(read(jemal, page), hte_Date=day, hte_City="Mary"))
    assert (answer.status_code == 302) == (not is_said)
    if is_said:
        shown = answer.content.decode()
        born = "5 April 2012" if "birth_date" in identity else "2012"
        assert f"This day is before “Date of birth” ({born}). Look which of the two days is right." in shown
        assert 'value="Mary"' in shown
    assert standing(case, "historic_event").get("hte_Date") == (None if is_said else day)


def slipped(case: Case, section: str, **values: Any) -> str:
    """The form of a record in which something stands that can't be: written before anybody asked, or by a birth date of then."""
    sheet = Sheet.objects.select_related("subject").get(child=case.child_id, section=section, record=1, part=Part.FACTS)
    sheet.values = (open_sealed(sheet, "values") or {}) | values
    sheet.save()
    return section_of(case, section, "1")


def test_a_slip_of_former_days_bars_no_other_change_of_its_record(jemal: Client, told: Case) -> None:
    page = slipped(told, "historic_event", hte_Date="2005-01-01")
    assert jemal.post(page, sent(read(jemal, page), hte_Latitude="41.5")).status_code == 302
    assert standing(told, "historic_event")["hte_Latitude"] == 41.5
    assert standing(told, "historic_event")["hte_Date"] == "2005-01-01"
    answer = jemal.post(page, sent(read(jemal, page), hte_Date="2005-01-02")).content.decode()
    assert "This day is before “Date of birth”" in answer
    page = slipped(told, "victim_context", vic_AgeWhenTrafficked=145)
    assert jemal.post(page, sent(read(jemal, page), vic_MethodsOfControl=["DebtBondage"])).status_code == 302
    answer = jemal.post(page, sent(read(jemal, page), vic_AgeWhenTrafficked="146")).content.decode()
    assert "This is more than 120." in answer


def test_whoever_does_not_see_the_birth_date_is_told_nothing_of_it(browse: Browse, told: Case, cast: Cast) -> None:
    bring_in(told, cast, "merdan", Relation.SOCIAL_WORKER)
    kept = {"user": cast["merdan"].user, "part": Part.IDENTITY, "reason": "x"}
    guarding.record_conflict(told, **kept, actor=cast.actor("aman"))
    page = section_of(told, "historic_event", "new")
    merdan = browse("merdan")
    assert merdan.post(page, sent(read(merdan, page), hte_Date="2001-01-01")).status_code == 302


def test_an_end_is_not_before_its_start(jemal: Client, case: Case, stays: None) -> None:  # noqa: F811
    page = section_of(case, "stay", "new")
    answer = jemal.post(page, {"st_Start": "2026-03-02", "st_End": "2026-03-01", "seen": ""}).content.decode()
    assert "This day is before “From” (2 March 2026)." in answer
    assert answer.count('href="#id_st_End"') == 1
    assert jemal.post(page, {"st_Start": "", "st_End": "2026-03-01", "seen": ""}).status_code == 302
    page = section_of(case, "stay", "1")
    answer = jemal.post(page, sent(read(jemal, page), st_Start="2026-03-02")).content.decode()
    assert "This day is before “From” (2 March 2026)." in answer
    page = slipped(case, "stay", st_Start="2026-03-02")
    assert jemal.post(page, sent(read(jemal, page))).status_code == 302
    answer = jemal.post(page, sent(read(jemal, page), st_Start="2026-03-03")).content.decode()
    assert "This day is before “From” (3 March 2026)." in answer
    assert jemal.post(page, sent(read(jemal, page), st_Start="2026-02-02")).status_code == 302


def test_codes_that_are_offered_no_more_stay_where_they_were_chosen(jemal: Client, told: Case, cast: Cast) -> None:
    old = {"vic_MethodsOfControl": ["LongGone", "DebtBondage"], "vic_RelationshipToTrafficker": "Neighbour"}
    write_facts(told, section="victim_context", record=1, values=old, actor=cast.actor("jemal"))
    page = section_of(told, "victim_context", "1")
    jemal.post(page, sent(read(jemal, page), vic_AgeWhenTrafficked="11"))
    assert old.items() <= standing(told, "victim_context").items()


def test_what_the_standard_no_longer_asks_is_asked_only_where_it_was_answered(
    jemal: Client, told: Case, cast: Cast
) -> None:
    page = section_of(told, "victim_context", "1")
    assert "vic_Vulnerabilities" not in fields_in(read(jemal, page))
    old = {"vic_Vulnerabilities": ["Poverty"]}
    write_facts(told, section="victim_context", record=1, values=old, actor=cast.actor("jemal"))
    assert "vic_Vulnerabilities" in fields_in(read(jemal, page))


def test_a_child_may_have_more_citizenships_than_the_form_has_lists(jemal: Client, told: Case, cast: Cast) -> None:
    four = {"prs_Citizenship": ["TM", "RU", "MD", "RO"]}
    write_facts(told, section="person", record=1, values=four, actor=cast.actor("jemal"))
    page = read(jemal, section_of(told, "person", "1"))
    assert page.count('<select name="prs_Citizenship"') == 5


def test_rarely_asked_fields_are_folded_away_while_nothing_stands_in_them(
    jemal: Client, told: Case, cast: Cast
) -> None:
    page = section_of(told, "historic_event", "1")
    assert '<details class="group"><summary>Exact place' in read(jemal, page)
    there = {"hte_Street": "Harbour 3"}
    write_facts(told, section="historic_event", record=1, values=there, actor=cast.actor("jemal"))
    assert '<details class="group" open><summary>Exact place' in read(jemal, page)


def test_both_versions_stand_side_by_side_and_the_chosen_one_is_kept(jemal: Client, told: Case, cast: Cast) -> None:
    page = section_of(told, "person", "1")
    mine = sent(read(jemal, page), prs_MailingCity="Tejen", prs_Citizenship=["TM"])
    theirs = {"prs_MailingCity": "Mary city", "prs_MaritalStatus": "Widowed"}
    write_facts(told, section="person", record=1, values=theirs, actor=cast.actor("jemal"))
    both = jemal.post(page, mine).content.decode()
    assert "Two versions" in both
    for name in ("prs_MailingCity", "prs_MaritalStatus", "prs_Citizenship"):
        assert f'name="keep-{name}"' in both
    choices = {
        "theirs-prs_MailingCity": "Mary city",
        "keep-prs_MailingCity": "theirs",
        "theirs-prs_MaritalStatus": "Widowed",
        "keep-prs_MaritalStatus": "theirs",
        "theirs-prs_Citizenship": ["TM", "RU"],
        "keep-prs_Citizenship": "mine",
    }
    seen = re.findall(r'name="seen" value="([^"]+)"', both)[0]
    assert jemal.post(page, mine | choices | {"seen": seen}).status_code == 302
    now = standing(told, "person")
    assert (now["prs_MailingCity"], now["prs_MaritalStatus"], now["prs_Citizenship"]) == (
        "Mary city",
        "Widowed",
        ["TM"],
    )


def test_what_was_typed_and_not_sent_stands_there_again(jemal: Client, told: Case) -> None:
    page = section_of(told, "historic_event", "new")
    body = "hte_City=Turkmenbashi&hte_Type=Transit&seen=0"
    assert jemal.post("/draft", {"page": page, "body": body}).status_code == 200
    again = read(jemal, page)
    assert 'value="Turkmenbashi"' in again
    assert "It was kept for you:" in again
    jemal.post(page, sent(again))
    assert not Draft.objects.exists()


# --- taking out ------------------------------------------------------------------------------------------------------


def test_a_record_is_taken_out_with_a_reason(jemal: Client, told: Case) -> None:
    page = section_of(told, "historic_event", "2", "take-out")
    shown = read(jemal, page)
    assert "Sarp" in shown
    assert "Write the reason. One sentence is enough." in jemal.post(page, sent(shown)).content.decode()
    assert jemal.post(page, sent(shown, reason="told twice")).status_code == 302
    assert "Sarp" not in read(jemal, facts_of(told))
    assert "Sarp" in read(jemal, section_of(told, "historic_event"))  # among what stood there before
    assert told.events.filter(kind=EventKind.FACTS_TAKEN_OUT).count() == 1


def test_taking_out_is_offered_only_to_whoever_writes_every_part_of_it(browse: Browse, told: Case, cast: Cast) -> None:
    bring_in(told, cast, "merdan", Relation.SOCIAL_WORKER)
    merdan, page = browse("merdan"), section_of(told, "historic_event", "1", "take-out")
    assert page in read(merdan, section_of(told, "historic_event"))
    conflict = {"user": cast["merdan"].user, "part": Part.NARRATIVE, "recorded_by": cast["jemal"]}
    Conflict.objects.create(subject=told.subject, recorded_at=cast.now, **conflict)
    assert page not in read(merdan, section_of(told, "historic_event"))
    assert merdan.get(page).status_code == 403


# --- beside the fields -----------------------------------------------------------------------------------------------


def test_the_phone_at_home_is_kept_with_the_contacts_and_shown_there(jemal: Client, told: Case) -> None:
    page = f"{told.get_absolute_url()}/correct/contacts"
    typed = {
        "called": "Aýa",
        "phones": CONTACTS["phones"][0],
        "home_phone": "+993 12 999999",
        "reason": "told",
        "seen": "1",
    }
    assert jemal.post(page, typed).status_code == 302
    assert "+993 12 999999" in read(jemal, told.get_absolute_url(), section="contacts")
    assert "+993 12 999999" in read(jemal, section_of(told, "person"))


def test_a_language_that_the_pack_does_not_list_and_the_order_of_languages_outlive_a_correction(
    jemal: Client, register: Callable[..., Case]
) -> None:
    case = register(identity={"names": [{"given": "Aylar"}], "languages": ["kir", "ru", "tk"]})
    page = f"{case.get_absolute_url()}/correct/identity"
    shown = read(jemal, page)
    assert "Kirghiz (kir)" in shown
    assert jemal.post(page, sent(shown, given_name="Aýlar", reason="told")).status_code == 302
    case.child.refresh_from_db()
    assert open_sealed(case.child, "identity")["languages"] == ["kir", "ru", "tk"]


@pytest.mark.parametrize(
    "address",
    ["person", "person/1", "historic_event", "historic_event/1", "historic_event/new", "historic_event/1/take-out"],
)
def test_the_pages_ask_the_database_little(jemal: Client, told: Case, cast: Cast, address: str) -> None:
    def cost() -> int:
        with counting() as asked:
            read(jemal, section_of(told, address))
        return len(asked)

    read(jemal, "/policy")
    before = cost()
    for number in range(20):
        write_facts(
            told, section="historic_event", record=None, values={"hte_City": str(number)}, actor=cast.actor("jemal")
        )
    assert cost() == before <= QUERIES


def test_the_files_page_asks_the_database_little_whatever_stands_there(jemal: Client, told: Case) -> None:
    read(jemal, "/policy")
    with counting() as asked:
        read(jemal, facts_of(told))
    assert len(asked) <= QUERIES
