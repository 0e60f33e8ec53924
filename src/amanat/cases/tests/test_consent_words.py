"""A consent in words: one sentence for whoever reads, simple words for the child, kept exactly as they were read."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from amanat import packs
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases import consent_words
from amanat.cases.actions import consenting
from amanat.cases.consent_pictures import PICTURES
from amanat.cases.consent_sentences import Covers
from amanat.cases.tests.docs import attach
from amanat.cases.tests.looking import counting, read
from amanat.people.models import Agency
from amanat.vault.sealing import open_sealed
from tests.cast import HARBOUR, MECHANISM

CORE = Path(__file__).parents[4] / "packs" / "core"
SENT = {
    "purpose": "medical",
    "parts": ["identity", "health_alerts"],
    "given_by": "both",
    "words": "Both said yes.",
    "given_on": "2026-11-24",
}
LANGUAGES = ("en", "tk", "ru", "ro")


@pytest.fixture
def sent(db):
    """What the page sends for a medical consent with Harbour."""
    return lambda **more: SENT | {"recipient": Agency.objects.get(name=HARBOUR).pk.hex} | more


@pytest.fixture
def address(case):
    return lambda name, *more: reverse(f"cases.{name}", args=[case, *more])


def ask(address, name="read_consent", **more):
    harbour = Agency.objects.get(name=HARBOUR)
    asked = {"purpose": "medical", "agency": harbour.pk.hex, "parts": "identity,health_alerts"} | more
    return f"{address(name)}?" + "&".join(f"{key}={value}" for key, value in asked.items())


def version(language, agency=HARBOUR):
    """Of the simple words for what `SENT` sends."""
    return consent_words.read_out(Covers("medical", agency, SENT["parts"]), language).version


# --- the sentence -----------------------------------------------------------------------------------------------------


def test_a_sentence_says_who_agrees_who_sees_what_for_what_and_until_when():
    covers = Covers("medical", HARBOUR, ["identity", "health_alerts"], "both", "2026-12-31")
    assert covers.sentence("en") == (
        f"The child and the guardian agree that others see parts of the file: {HARBOUR}; what it is for: medical "
        "examination and treatment; the parts: identity, health: alerts and medicines; the last day: 31.12.2026."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_is_one_sentence_in_every_language(language):
    said = {
        Covers(code.code, agency, parts, given_by, until, ground).sentence(language)
        for code in packs.current().codes("consent_purpose").codes
        for agency, parts in ((HARBOUR, ("identity",)), (HARBOUR, tuple(Part)), ("", ()), (HARBOUR, ()))
        for given_by in ("both", "child", "guardian", "")
        for until in ("", "2026-12-31")
        for ground in ("", "vital_interest")
    }
    for sentence in said:
        assert re.fullmatch(r"[^%]+[^.;: ]\.", sentence), sentence
        assert "\n" not in sentence
        assert ";" in sentence
    assert len(said) > 150


def test_the_words_of_a_photograph_name_no_part():
    assert Covers("photo", given_by="child").sentence("en") == (
        "The child agrees to this: photographs; until it is taken back."
    )


def test_list_withdrawal_page_and_timeline_show_the_sentence(browse, case, address, sent):
    jemal = browse("jemal")
    jemal.post(address("record_consent"), sent())
    consent = Consent.objects.get()
    sentence = "what it is for: medical examination and treatment; the parts: identity, health: alerts and medicines"
    for page in (address("consents"), address("withdraw_consent", consent.pk), case.get_absolute_url()):
        assert sentence in read(jemal, page), page
    irina = read(browse("irina"), address("consents"))
    assert "medical" not in irina


def test_looking_at_it_first_records_nothing_and_keeps_what_was_typed(browse, case, address, sent):
    jemal = browse("jemal")
    page = jemal.post(address("record_consent"), sent(look="1")).content.decode()
    assert "This is what would be recorded" in page
    assert "agree that others see parts of the file: Harbour Legal Aid; what it is for: medical" in page
    assert "Both said yes." in page
    assert not Consent.objects.exists()
    onwards = re.search(r'href="([^"]*/consents/read\?[^"]*)"', page)[1].replace("&amp;", "&")
    words = read(jemal, onwards)
    record = re.search(r'href="([^"]*/consents/record\?[^"]*)"', words)[1].replace("&amp;", "&")
    page = read(jemal, record)
    assert "Both said yes." in page, "from the draft"
    assert re.search(r'name="read_in" value="tk"[^>]* checked', page)
    version, number = (re.search(rf'name="{name}" value="(\S+)"', page)[1] for name in ("read_version", "sheet"))
    told = sent(read_in="tk", read_version=version, sheet=number)
    other = jemal.post(record, told | {"parts": ["identity", "plan"]}).content.decode()
    assert "What was read to the child is not what would be recorded now." in other
    assert not Consent.objects.exists()
    assert jemal.post(record, told).status_code == 302
    assert Consent.objects.get().number == number


def test_what_is_wrong_is_not_looked_at_but_told(browse, case, address, sent):
    wrong = browse("jemal").post(address("record_consent"), sent(look="1", purpose="")).content.decode()
    assert "This is what would be recorded" not in wrong
    assert "error" in wrong


def test_one_looks_at_it_and_reads_it_before_anybody_has_said_a_word(browse, address, sent):
    asked = sent(look="1", given_by="", words="", given_on="")
    page = browse("jemal").post(address("record_consent"), asked).content.decode()
    assert "Others see parts of the file: Harbour Legal Aid; what it is for: medical" in page
    assert "This field is required." not in page
    assert "This field is required." in browse("jemal").post(address("record_consent"), sent(words="")).content.decode()


def test_what_nobody_opened_was_not_read_from_here(browse, address, sent):
    page = browse("jemal").post(address("record_consent"), sent(read_in="tk")).content.decode()
    assert "The simple words were not opened from here." in page
    assert not Consent.objects.exists()


# --- the simple words -------------------------------------------------------------------------------------------------


def test_there_are_words_and_a_picture_for_every_purpose_and_every_part_that_can_be_shared():
    known = packs.current().part(consent_words.WORDS)
    wanted = {f"purpose.{code.code}" for code in packs.current().codes("consent_purpose").codes}
    wanted |= {f"part.{part}" for part in set(Part) - consenting.NOT_TO_SHARE}
    assert wanted <= known.keys()
    assert {words.picture for words in known.values()} == set(PICTURES)
    assert next(iter(known)) == "told.limits", "the limits are told before anything else"


def test_what_is_read_begins_with_the_limits_and_says_that_no_is_allowed(browse, address, case):
    page = read(browse("jemal"), ask(address, **{"in": "en"}))
    assert page.index("somebody hurts you") < page.index("A doctor or a nurse") < page.index("Your name, when you")
    assert "Nobody will be angry with you. We go on helping you just the same." in page
    assert page.count('class="pictogram"') == 9
    assert "aria-hidden" in page.split('class="pictogram"')[1][:200]
    assert "No native speaker has read these words" in page


def test_the_child_is_told_who_may_look_and_until_when(browse, address, case):
    other = Agency.objects.get(name=MECHANISM)
    page = read(browse("jemal"), ask(address, **{"in": "ru", "also": other.pk.hex, "until": "2026-12-31"}))
    assert f"С этим «да» смотреть смогут только они: {HARBOUR}, {MECHANISM}." in page
    assert "до этого дня: 31.12.2026." in page
    assert "Последнего дня нет." not in page
    assert "Последнего дня нет." in read(browse("jemal"), ask(address, **{"in": "ru"}))
    photo = consent_words.read_out(Covers("photo"), "en")
    assert not any("only these may look" in text for _picture, text in photo.said)


def test_it_is_read_in_the_childs_own_language_unless_another_is_chosen(browse, address, case):
    turkmen = read(browse("jemal"), ask(address))
    assert "Lukman ýa-da" in turkmen
    assert '<article class="read-out" lang="tk">' in turkmen
    assert "В любую минуту" in read(browse("jemal"), ask(address, **{"in": "ru"}))
    assert "Lukman ýa-da" in read(browse("jemal"), ask(address, **{"in": "xx"}))


def test_without_a_purpose_the_page_says_what_to_choose_first(browse, address, case):
    assert "Nothing is chosen yet" in read(browse("jemal"), address("read_consent"))


def test_what_was_read_stays_as_it_was_whatever_the_pack_says_later(browse, address, case, sent, monkeypatch):
    jemal = browse("jemal")
    jemal.post(address("record_consent"), sent(read_in="ru", read_by="Interpreter Olga", read_version=version("ru")))
    consent = Consent.objects.get()
    kept = open_sealed(consent, "details")["read"]
    assert (kept["language"], kept["by"], kept["on"]) == ("ru", "Interpreter Olga", "2026-11-24")
    assert [picture for picture, _text in kept["said"]][:3] == ["mouth", "bag", "card"]
    monkeypatch.setattr(consent_words, "read_out", lambda *_given: pytest.fail("it is not put together anew"))
    page = read(jemal, address("consent_read", consent.pk))
    assert "Interpreter Olga" in page
    assert "В любую минуту можно сказать" in page
    assert kept["version"] in page
    assert "Interpreter Olga" in read(jemal, address("consents"))
    assert browse("irina").get(address("consent_read", consent.pk)).status_code in (403, 404)


def test_two_wordings_have_two_versions():
    one = consent_words.read_out(Covers("photo"), "en")
    other = consent_words.ReadOut(one.language, one.sentence, [("camera", "We take a picture.")])
    assert one.version != other.version
    assert (
        one.version == consent_words.was_read({"read": json.loads(json.dumps(one.kept("x", date(2026, 1, 2))))}).version
    )


def test_the_sheet_names_no_child_and_has_the_number_that_the_consent_keeps(browse, case, address, sent, monkeypatch):
    jemal = browse("jemal")
    page = read(jemal, ask(address))
    number = re.search(r"number ([2-9A-Z]{4}-[2-9A-Z]{4})", page)[1]
    assert f"number={number}" in page
    papers: list[str] = []
    monkeypatch.setattr("amanat.web.pdf.made", lambda paper: papers.append(paper) or b"%PDF-1.7")
    jemal.get(ask(address, **{"as": "pdf", "number": number}))
    paper = papers[0]
    assert number in paper
    assert paper.count('class="paper-line"') == 3  # child, guardian, who read it: each with name and day
    for name in ("Aylar", "Çaryýewa", "Айлар", case.child.code_name):
        assert name not in paper
    assert jemal.post(address("record_consent"), sent(sheet=number.lower())).status_code == 302
    assert Consent.objects.get().number == number


@pytest.mark.parametrize(
    ("number", "sentence"), [("12", "No sheet has such a number."), ("K7MP-4T2X", "is recorded already")]
)
def test_a_wrong_number_and_one_recorded_before_are_told(browse, case, address, sent, number, sentence):
    jemal = browse("jemal")
    jemal.post(address("record_consent"), sent(sheet="K7MP-4T2X"))
    assert sentence in jemal.post(address("record_consent"), sent(sheet=number)).content.decode()
    assert Consent.objects.count() == 1


def test_the_sheet_is_a_pdf(browse, case, address, monkeypatch):
    made = []
    monkeypatch.setattr("amanat.web.pdf.made", lambda page: made.append(page) or b"%PDF-1.7")
    answer = browse("jemal").get(ask(address, **{"as": "pdf", "number": "K7MP-4T2X", "in": "ro"}))
    assert answer["Content-Type"] == "application/pdf"
    assert "K7MP-4T2X.pdf" in answer["Content-Disposition"]
    assert 'lang="ro"' in made[0]
    assert "K7MP-4T2X" in made[0]


# --- what shows it ----------------------------------------------------------------------------------------------------


def test_a_document_of_the_file_shows_it(browse, cast, case, address, sent):
    jemal, sheet = browse("jemal"), attach(case, cast, "Signed sheet.jpg")
    assert "Signed sheet.jpg" in read(jemal, address("record_consent"))
    jemal.post(address("record_consent"), sent(document=sheet.pk.hex))
    assert reverse("cases.attachment", args=[sheet]) in read(jemal, address("consents"))


def test_a_document_of_a_part_that_is_closed_to_the_reader_is_not_named(browse, cast, case, address, sent):
    browse("jemal").post(
        address("record_consent"), sent(document=attach(case, cast, "Passport.jpg", Part.IDENTITY).pk.hex)
    )
    assert "Passport.jpg" in read(browse("jemal"), address("consents"))
    assert "Passport.jpg" not in read(browse("kerim"), address("consents"))


def test_a_new_document_is_kept_with_it_and_stands_in_the_part_consent(browse, case, address, sent, tmp_path):
    (tmp_path / "sheet.txt").write_text("Signed by both.")
    with (tmp_path / "sheet.txt").open("rb") as upload:
        answer = browse("jemal").post(address("record_consent"), sent(upload=upload))
    assert answer.status_code == 302
    attachment = case.attachments.get()
    assert attachment.part == Part.CONSENT
    assert "sheet.txt" in read(browse("jemal"), address("consents"))


def test_a_document_that_is_not_taken_leaves_no_consent_and_is_asked_for_again(browse, case, address, sent, tmp_path):
    (tmp_path / "run.exe").write_bytes(b"MZ\x00\x01")
    with (tmp_path / "run.exe").open("rb") as upload:
        page = browse("jemal").post(address("record_consent"), sent(upload=upload)).content.decode()
    assert "Files of this kind are not taken." in page
    assert "Choose the file once more" in page
    assert not Consent.objects.exists()
    assert not case.attachments.exists()


def test_a_document_of_another_file_shows_nothing(browse, cast, register, case, address, sent):
    other = attach(register(identity={}), cast)
    page = browse("jemal").post(address("record_consent"), sent(document=other.pk.hex)).content.decode()
    assert "There is no such document on this file." in page
    assert not Consent.objects.exists()


# --- several recipients -----------------------------------------------------------------------------------------------


def test_one_consent_may_name_several_agencies_and_one_outside(browse, case, address, sent):
    other = Agency.objects.get(name=MECHANISM)
    jemal = browse("jemal")
    answer = jemal.post(address("record_consent"), sent(also=[str(other.pk)], outside="City hospital 2"))
    assert answer.status_code == 302, re.findall("error.*", answer.content.decode())
    assert f"{HARBOUR}, {MECHANISM}, City hospital 2" in read(jemal, address("consents"))
    consent = Consent.objects.get()
    assert consent.recipients == {other.pk, Agency.objects.get(name=HARBOUR).pk}
    assert "City hospital" not in json.dumps(consent.also)
    assert f"{HARBOUR}, {MECHANISM}, an organisation outside the network" in read(browse("kerim"), "/desk/consents")
    assert f"{HARBOUR}, {MECHANISM}" in read(jemal, ask(address, also=other.pk.hex, **{"in": "en"}))
    assert read(jemal, ask(address, also="nonsense"))
    assert re.search(
        rf'name="also" value="{other.pk}"[^>]* checked', read(jemal, ask(address, "record_consent", also=other.pk.hex))
    )
    jemal.post(address("withdraw_consent", consent.pk), {"reason": "No more."})
    assert "Not in the network: tell them yourself" in read(jemal, address("consents"))


@pytest.mark.sqlcipher_only
def test_the_name_of_an_organisation_outside_is_read_out_and_stands_in_no_address(browse, case, address, sent):
    jemal = browse("jemal")
    page = jemal.post(address("record_consent"), sent(outside="City hospital 2", look="1")).content.decode()
    (way,) = re.findall(rf'href="({address("read_consent")}[^"]*)"', page)
    assert "hospital" not in way
    reading = read(jemal, html.unescape(way))
    assert f"{HARBOUR}, City hospital 2" in reading
    assert not [one for one in re.findall('href="([^"]*)"', reading) if "hospital" in one]
    assert 'value="City hospital 2"' in read(jemal, address("record_consent"))


# --- packs ------------------------------------------------------------------------------------------------------------


def test_a_pack_with_wrong_words_is_told_what(tmp_path):
    (tmp_path / "core").mkdir()
    for file in CORE.iterdir():
        if file.is_file():
            (tmp_path / "core" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "core" / "consent_words.toml").write_text(
        'source = "us"\nverified = false\n[[part]]\nname = "soul"\npicture = "cat"\n[[purpose]]\nname = "fun"\ntext.en = "Fun."\n'
    )
    (tmp_path / "core" / "consent_ages.toml").write_text(
        'source = "us"\nverified = false\n[[band]]\nname = "old"\nfrom = 3\nsides = ["uncle"]\nasks.en = "Ask."\n'
    )
    told = "\n".join(map(str, packs.check(tmp_path / "core")))
    for words in (
        "There is no such picture.",
        "There is no such part of a file.",
        "The list consent_purpose has no such code.",
        "The text in ru is missing.",
        "This is no side.",
        "The list age_band has no such code.",
        "A band is missing: one from 0, and unknown.",
    ):
        assert words in told


def test_the_pages_cost_few_queries(browse, cast, case, address, sent):
    jemal, shown, other = browse("jemal"), attach(case, cast, "Sheet.jpg"), str(Agency.objects.get(name=MECHANISM).pk)
    for _each in range(3):
        told = {"read_in": "ru", "read_version": version("ru", f"{HARBOUR}, {MECHANISM}")}
        jemal.post(address("record_consent"), sent(document=shown.pk.hex, also=[other], **told))
        consent = Consent.objects.filter(withdrawn_at=None).latest("pk")
        if _each:
            jemal.post(address("withdraw_consent", consent.pk), {"reason": "No more."})
    record = ask(address, "record_consent")
    for page in (address("consents"), record, ask(address), address("consent_read", consent.pk)):
        with counting() as found:
            read(jemal, page)
        assert len(found) <= 12, (page, found)
