"""An administrator looks after people and machines, and sees no child anywhere."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from amanat.access.pages import registered
from amanat.access.policy import DESK_VERBS, EVERY_AGENCY, KEPT_APART, PARTS, REACHES_CHILDREN, Role, Verb
from amanat.cases.models import Case
from amanat.forms.models import FormVersion
from amanat.office.backups.models import Destination
from amanat.office.models import PackVersion, Upload
from amanat.office.tables import relations_of
from amanat.office.tests.state import place
from amanat.office.tests.ways import proposed
from amanat.people.models import DutyPlace, Site
from tests.cast import Cast
from tests.walk_world import A_FORM, some_forms

Browse = Callable[..., Client]


def addresses(cast: Cast, case: Case) -> dict[str, str]:
    """Every page of the office, at a worker who manages a case."""
    reverse("office.people")  # with the addresses, the pages are there
    if not Upload.objects.exists():
        some_forms(cast["viktor"])
    on_duty, _made = DutyPlace.objects.get_or_create(agency=cast["jemal"].agency, membership=cast["jemal"], order=1)
    refs = {
        "duty_place": on_duty.pk,
        "place": (Destination.objects.first() or place(cast.now)).pk,
        "worker": cast["jemal"].user_id,
        "membership": cast["jemal"].pk,
        "agency": cast["jemal"].agency_id,
        "site": Site.objects.first().pk,  # type: ignore[union-attr]
        "upload": Upload.objects.get().pk,
        "pack": PackVersion.objects.get().pk.hex,
        "form_name": A_FORM,
        "form_version": FormVersion.objects.get(form__name=A_FORM).pk,
        "proposal": proposed(cast, cast["andrei"].user, Role.LAWYER).pk,
    }
    found = {}
    for page in registered():
        if page.name.startswith("office."):
            needed = {name: ref for name, ref in refs.items() if f":{name}>" in page.route}
            found[page.name] = reverse(page.name, kwargs=needed)
    return found


def test_no_page_of_the_office_shows_an_administrator_a_child(cast: Cast, case: Case, browse: Browse) -> None:
    viktor = browse("viktor")
    seen = 0
    for name, address in addresses(cast, case).items():
        answer = viktor.get(address)
        assert answer.status_code in (200, 404), name
        seen += answer.status_code == 200
        page = answer.content.decode()
        for told in (case.child.code_name, case.pk.hex, case.subject_id.hex, str(case.subject_id), "Aylar", "Aýa"):
            assert told not in page, (name, told)
    assert seen >= 12


def test_every_page_of_the_office_is_listed_and_answers_a_get(cast: Cast, case: Case, browse: Browse) -> None:
    """Whoever may look at one gets it, whoever may not gets a 404: never a 500, never a 403."""
    for name in ("viktor", "kerim", "aman", "jemal"):
        client = browse(name)
        for page, address in addresses_once(cast, case).items():
            assert client.get(address).status_code in (200, 404), (name, page)


def addresses_once(cast: Cast, case: Case) -> dict[str, str]:
    from amanat.office.models import Proposal

    waiting = Proposal.objects.waiting().first()
    if waiting is None:
        return addresses(cast, case)
    Proposal.objects.all().delete()
    return addresses(cast, case)


def test_the_tables_give_an_administrator_no_relation_and_no_verb_on_files() -> None:
    assert relations_of(Role.ADMINISTRATOR) == []
    assert all("administrator" not in row for row in PARTS.values())
    verbs = {verb for verb, row in DESK_VERBS.items() if row[Role.ADMINISTRATOR] != "."}
    names = {"backup", "device", "directory", "form", "line", "look", "pack", "people", "workspace"}
    assert {verb.split(".")[0] for verb in verbs} == names
    assert not verbs & {Verb.LOOK_CASELOAD, Verb.LOOK_AUDIT, Verb.LOOK_DESK}
    assert not KEPT_APART & REACHES_CHILDREN
    assert {Role.ADMINISTRATOR, Role.DPO} == EVERY_AGENCY


def test_no_default_password_stands_anywhere(cast: Cast) -> None:
    """Nobody whom the office brings in has a password; nothing in it makes one."""
    from pathlib import Path

    import amanat.office

    source = Path(amanat.office.__file__).parent
    for path in source.rglob("*.py"):
        if "tests" not in path.parts:
            assert "set_password" not in path.read_text(), path
            assert "make_random" not in path.read_text(), path
