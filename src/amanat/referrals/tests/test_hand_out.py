"""A referral to an office without Amanat: what stands on the letter, what is in the packet, who may hand it out, and what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pyrage
import pytest
from django.test import Client
from django.utils import translation

from amanat.access.files import open_file
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.audit.models import Entry
from amanat.cases.models import Case
from amanat.referrals import numbers
from amanat.referrals.actions.handing_out import goes_along
from amanat.referrals.models import Referral, State
from amanat.referrals.models_outside import Outgoing, OutsideKey
from amanat.referrals.outside import acknowledging, packet
from amanat.referrals.outside.packet import opened
from amanat.referrals.tests.outside import organisation, referral
from amanat.vault.sealing import open_sealed
from amanat.web import pdf
from amanat.web.tests.test_pdf import unpacked
from tests.cast import NOW, Cast

__all__ = ["organisation", "referral"]  # fixtures
IDENTITY = pyrage.x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())
LETTER = {"language": "ru", "call": "+993 12 999999", "how": "letter"}
CODE = r"(\d{4} \d{4} \d{4} \d{4})<"
BY_KEY = LETTER | {"how": "key", "key": PUBLIC, "compared": "on"}

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.fixture
def jemal(browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, settings: Any) -> Client:
    """Her pages become no PDF, so that one can read what would stand on paper; one test below prints."""
    monkeypatch.setattr(pdf, "made", str.encode)
    settings.AMANAT_SITE_ADDRESS = "https://help.example.org/"
    return browse("jemal")


def page_of(referral: Referral) -> str:
    return f"{referral.case.get_absolute_url()}/referrals/{referral.pk}/hand-out"


def hand_out(client: Client, referral: Referral, **sent: Any) -> Any:
    return client.post(page_of(referral), LETTER | sent)


def code_on(text: str) -> str:
    found = re.search(CODE, text)
    assert found
    return found[1].replace(" ", "")


def take(client: Client, referral: Referral, page: str) -> Any:
    drawn = re.search(r'name="drawn" value="([^"]+)"', page)
    assert drawn
    return client.post(page_of(referral), {"drawn": drawn[1]})


def test_the_letter_is_in_the_recipients_language_and_names_no_child(jemal: Client, referral: Referral) -> None:
    answer = hand_out(jemal, referral)
    letter = answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{referral.number}.pdf"'
    assert '<html lang="ru">' in letter
    with translation.override("ru"):
        told = [translation.gettext("What is needed"), translation.gettext("Whom to call")]
    for said in (numbers.spoken(referral.number), "Never call home", "+993 12 999999", "Blue Street Clinic", *told):
        assert said in letter
    assert "Aylar" not in letter
    assert "Айлар" not in letter
    outgoing = Outgoing.objects.get()
    assert bytes(outgoing.digest) == acknowledging.digest_of(code_on(letter))
    assert code_on(letter) not in str(vars(outgoing))
    entries = Entry.objects.filter(verb="referral.send", outcome="done").exclude(details=None)
    assert [open_sealed(entry, "details").get("to") for entry in entries] == ["Blue Street Clinic"]


def test_the_letter_says_where_to_enter_its_code_as_far_as_somebody_told_us(
    jemal: Client, referral: Referral, settings: Any
) -> None:
    assert "https://help.example.org/arrived" in hand_out(jemal, referral).content.decode()
    settings.AMANAT_SITE_ADDRESS = ""
    letter = hand_out(jemal, referral).content.decode()
    assert "/arrived" not in letter
    assert not re.search(CODE, letter), "to call one needs the number of the referral, and no other"


def test_nothing_of_the_log_of_a_house_goes_out_whatever_the_consent_names(referral: Referral) -> None:
    for row in (referral, referral.consent):
        row.parts = [*row.parts, str(Part.CENTRE)]
    assert set(goes_along(referral)) == {Part.IDENTITY, Part.HEALTH_ALERTS, Part.FACTS}


def test_the_child_is_named_where_the_consent_names_the_identity_and_its_sender_says_so(
    jemal: Client, referral: Referral
) -> None:
    assert "Aylar Çaryýewa" in hand_out(jemal, referral, names_child="on").content.decode()
    Consent.objects.update(parts=[str(Part.FACTS)])
    page = jemal.get(page_of(referral)).content.decode()
    assert "names_child" not in page
    assert "Aylar" not in hand_out(jemal, referral, names_child="on").content.decode()


def test_a_packet_holds_what_the_consent_names_and_only_its_recipient_opens_it(
    jemal: Client, referral: Referral
) -> None:
    page = jemal.post(page_of(referral), BY_KEY | {"parts": ["identity", "facts"]}).content.decode()
    answer = take(jemal, referral, page)
    assert answer["Content-Disposition"] == f'attachment; filename="{referral.number}.age"'
    files = {one.name: one.content.decode() for one in opened(answer.content, identity=str(IDENTITY))}
    assert sorted(files) == ["letter.pdf", "parts.pdf", "referral.json"]
    assert code_on(files["letter.pdf"]) == code_on(page)
    assert "Çaryýewa" in files["parts.pdf"]
    assert json.loads(files["referral.json"])["referral"] == referral.number
    for told in files.values():
        assert "463500" not in told, "the contacts were not named"
    outgoing = Outgoing.objects.get()
    assert (outgoing.how, outgoing.recipient, outgoing.parts) == ("key", PUBLIC, ["facts", "identity"])
    assert OutsideKey.objects.get().public == PUBLIC
    assert PUBLIC in jemal.get(page_of(referral)).content.decode(), "offered the next time"


def test_a_packet_taken_once_more_is_the_same_and_one_without_parts_is_the_letter_alone(
    jemal: Client, referral: Referral
) -> None:
    page = jemal.post(page_of(referral), BY_KEY).content.decode()
    first, again = take(jemal, referral, page), take(jemal, referral, page)
    assert opened(first.content, identity=str(IDENTITY)) == opened(again.content, identity=str(IDENTITY))
    assert [one.name for one in opened(first.content, identity=str(IDENTITY))] == ["letter.pdf"]
    assert Outgoing.objects.count() == 1


def test_words_are_shown_with_the_packet_and_only_what_was_shown_is_sealed(
    jemal: Client, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That words seal it: test_packet, in the full matrix."""
    used: list[str] = []
    monkeypatch.setattr(packet, "_by_words", lambda _clear, words: used.append(words) or b"sealed")
    page = hand_out(jemal, referral, how="words").content.decode()
    shown = re.search(r'lang="ru">([^<]+)</p>', page)
    assert shown
    assert take(jemal, referral, page).content == b"sealed"
    assert used == [shown[1]]
    for forged in ("", "x", "a:b:c"):
        answer = jemal.post(page_of(referral), {"drawn": forged})
        assert answer.status_code == 400
        assert "shown too long ago" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"how": "key"}, "Paste the key"),
        ({"how": "key", "key": "age1qqqq", "compared": "on"}, "not a public key"),
        ({"how": "key", "key": PUBLIC}, "Call the recipient"),
        ({"how": "key", "key": str(IDENTITY), "compared": "on"}, "AGE-SECRET-KEY is not for you"),
        ({"how": "pigeon"}, "Please look at this again"),
        ({"language": "xx"}, "Please look at this again"),
        ({"call": ""}, "Please look at this again"),
        ({"how": "key", "key": PUBLIC, "compared": "on", "parts": ["contacts"]}, "Please look at this again"),
    ],
)
def test_bad_input_gets_a_sentence_and_what_was_typed_stays(
    jemal: Client, referral: Referral, sent: dict[str, Any], said: str
) -> None:
    page = jemal.post(page_of(referral), LETTER | sent).content.decode()
    assert said in page
    assert sent.get("key") or sent.get("call", LETTER["call"]) in page
    assert not Outgoing.objects.exists()


def test_without_a_consent_in_force_or_past_its_end_nothing_leaves(jemal: Client, referral: Referral) -> None:
    page = jemal.post(page_of(referral), BY_KEY).content.decode()
    Outgoing.objects.all().delete()
    Consent.objects.update(withdrawn_at=NOW)
    assert "no consent any more" in hand_out(jemal, referral).content.decode()
    assert take(jemal, referral, page).status_code == 400
    Consent.objects.update(withdrawn_at=None)
    for state in (State.DRAFT, State.REVOKED, State.DONE):
        Referral.objects.update(state=state)
        assert "is not on its way" in hand_out(jemal, referral).content.decode()
    assert not Outgoing.objects.exists()


def test_only_who_may_send_hands_it_out_and_an_agency_of_the_network_gets_no_letter(
    browse: Callable[..., Client], cast: Cast, jemal: Client, referral: Referral
) -> None:
    for name, status in (("dowlet", 404), ("merdan", 404), ("irina", 403), ("aman", 403), ("viktor", 404)):
        assert hand_out(browse(name), referral).status_code == status, name
    assert not Outgoing.objects.exists()
    Referral.objects.update(agency=cast["dowlet"].agency, organisation=None)
    assert jemal.get(page_of(referral)).status_code == 404


def test_the_page_of_the_referral_says_what_went_out_and_whose_code_came_back(
    jemal: Client, referral: Referral
) -> None:
    progress = f"{referral.case.get_absolute_url()}/referrals/{referral.pk}"
    assert "Not handed out yet" in jemal.get(progress).content.decode()
    hand_out(jemal, referral, names_child="on")
    page = jemal.get(progress).content.decode()
    for said in (
        "The letter was downloaded",
        "A letter, to print",
        "(Русский)",
        "identity",
        "nobody has entered its code",
    ):
        assert said in page
    assert "Not handed out yet" not in page
    Outgoing.objects.update(acknowledged_at=NOW)
    assert "It arrived: its code was entered" in jemal.get(progress).content.decode()


def test_the_letter_prints(browse: Callable[..., Client], referral: Referral) -> None:
    told = unpacked(hand_out(browse("jemal"), referral, language="en").content)
    assert f"Referral {numbers.spoken(referral.number)}" in told


def test_what_goes_along_is_what_is_open_to_its_sender(cast: Cast, case: Case, referral: Referral) -> None:
    from amanat.referrals.outside.parts import told_in

    file = open_file(cast.actor("jemal"), case)
    assert not told_in(file.only(frozenset({Part.LEGAL_FILE})))
    assert [str(one.title) for one in told_in(file.only(frozenset({Part.CONTACTS})))] == ["contacts"]
