"""The demo country: its people and children, from the pack's folder `demo/`, brought in through the verbs that everybody uses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Part, Relation
from amanat.cases.actions import changing, consenting, handing, recording, registering, steps, writing
from amanat.cases.models import Case, Stage
from amanat.config.assisting import Acts
from amanat.directory import bringing, keepers
from amanat.directory.actions import keeping, taking_in
from amanat.directory.models import Organization
from amanat.forms import kept, records
from amanat.people.models import Agency, DutyPlace, Membership, Role, Site, User

# What a worker of each role is to a child whose circle they stand in.
STANDS_AS = {
    Role.SOCIAL_WORKER: Relation.SOCIAL_WORKER,
    Role.HOTLINE_OPERATOR: Relation.SOCIAL_WORKER,
    Role.PSYCHOLOGIST: Relation.PSYCHOLOGIST,
    Role.LAWYER: Relation.LAWYER,
    Role.HEALTH_WORKER: Relation.HEALTH_WORKER,
    Role.CENTRE_WORKER: Relation.CENTRE_WORKER,
}
SHARED_WITH_PARTNERS = [
    Part.IDENTITY,
    Part.FACTS,
    Part.NARRATIVE,
    Part.SAFETY,
    Part.LEGAL_FILE,
    Part.LEGAL_STATUS,
    Part.PLAN,
]


def _read(source: packs.Source) -> Mapping[str, Any]:
    """The files of the folder; what is wrong in one is told as a fault of the pack."""
    found: dict[str, Any] = {}
    for file in ("people.toml", "children.toml", "assistance.toml"):
        try:
            found |= tomllib.loads((source.path / file).read_text())
        except (OSError, ValueError) as error:
            source.fault("", str(error), "Mend the file.", source.path / file)
    return found


SECTION: packs.Section[Any] = packs.register("demo", _read)


def load(now: datetime | None = None) -> None:
    """Put the demo country of the current pack into an empty workspace, its days counted back from `now`; all of it or nothing."""
    told = packs.current().part(SECTION)
    arrival = Arrival(now or timezone.now())
    with transaction.atomic():
        arrival.settle(told)
        arrival.open_directory()
        for child in told["child"]:
            arrival.bring(child)
        Acts(arrival).perform(told["act"])


class Arrival:
    """The loading of a country, with what is already there by its code."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.members: dict[str, Membership] = {}
        self.cases: dict[str, Case] = {}
        self.acts = 0

    def settle(self, told: Mapping[str, Any]) -> None:
        """Agencies, sites, workers. (There is nobody yet who could do this by a verb.)"""
        sites: dict[str, Site] = {}
        agencies: dict[str, Agency] = {}
        for row in told["agency"]:
            agency = Agency.objects.create(name=row["name"], kind=row["kind"], duty_contact=row.get("duty_contact", ""))
            agencies[row["code"]] = agency
            for site in row.get("site", []):
                sites[site["code"]] = Site.objects.create(agency=agency, name=site["name"], time_zone=site["time_zone"])
        for row in told["worker"]:
            user = User.objects.create_user(row["username"], None, display_name=row["name"], language=row["language"])
            roles = [row["role"], *row.get("also", [])]
            for role in roles:
                self.members.setdefault(
                    row["username"], self._member(user, role, agencies[row["agency"]], sites[row["site"]])
                )
        for row in told["agency"]:
            for order, name in enumerate(row.get("duty", []), 1):
                DutyPlace.objects.create(agency=agencies[row["code"]], membership=self.members[name], order=order)

    def open_directory(self) -> None:
        """The pack's services, taken in by whoever may. What bears the name of an agency is that agency's own from then on."""
        actors = (self.actor(name, days_ago=30) for name in self.members)
        actor = next((one for one in actors if keepers.keeps_others(one)), None)
        if actor is None or not any(packs.current().services.tables.values()):
            return
        taking_in.bring_seeds(actor=actor)
        if package := bringing.waiting_of(actor):
            taking_in.take(package, actor=actor)
        agencies = {agency.name: agency for agency in Agency.objects.all()}
        for row in Organization.objects.filter(name__in=agencies, agency=None):
            keeping.change_organization(organization=row, agency=agencies[row.name], actor=actor)

    def _member(self, user: User, role: str, agency: Agency, site: Site) -> Membership:
        return Membership.objects.create(
            user=user, role=role, agency=agency, site=site, since=self.now - timedelta(days=400)
        )

    def actor(self, name: str, days_ago: int) -> Actor:
        """A worker as they acted so many days ago, freshly signed in; each act a minute after the one before."""
        self.acts += 1
        return self.actor_at(name, self.now - timedelta(days=days_ago, hours=5) + timedelta(minutes=self.acts))

    def actor_at(self, name: str, moment: datetime) -> Actor:
        return Actor.of(self.members[name], moment, proved_at=moment, second_factor=True)

    def bring(self, child: Mapping[str, Any]) -> None:
        """A child with brothers and sisters, if it was not brought with them already; then what happened to each."""
        if child["code"] in self.cases:
            return
        self.acts = 0
        told = packs.current().part(SECTION)["child"]
        together = [child, *(row for row in told if row["code"] in child.get("siblings", []))]
        family = child["code"] if len(together) > 1 else None
        manager = self.actor(child["manager"], child["opened_days_ago"])
        new = [
            registering.NewChild(
                self.identity(row), self.contacts(row), family=family, risk=row["risk"], priority=row["priority"]
            )
            for row in together
        ]
        for row, case in zip(together, registering.register(new, actor=manager), strict=True):
            self.cases[row["code"]] = case
            if row["stage"] != Stage.REGISTERED:
                self.live(case, row)

    def identity(self, child: Mapping[str, Any]) -> dict[str, Any]:
        names = [dict(child["names"][script]) for script in ("latin", "cyrillic") if script in child.get("names", {})]
        born, year = child.get("birth_date"), child.get("birth_year")
        if "age_about" in child:
            year = self.now.year - child["age_about"]
        number = child.get("document_number")
        return {
            "names": names,
            "birth_date": born.isoformat() if born else "",
            "birth_year": str(year) if year else "",
            "certainty": child["birth_date_certainty"],
            "sex": child["sex"],
            "languages": [child["language"]],
            "documents": [{"kind": child["document_kind"], "number": number}] if number else [],
        }

    def contacts(self, child: Mapping[str, Any]) -> dict[str, Any]:
        phones = [child["phone"]] if "phone" in child else []
        called = child["names"]["latin"]["given"]
        return {"called": called, "phones": phones, "address": "", "guardian": "", "safe_contact": ""}

    def live(self, case: Case, child: Mapping[str, Any]) -> None:
        """Open the case, bring in its circle, write its notes in order, move it to where it stands today."""
        manager = self.actor(child["manager"], child["opened_days_ago"])
        registering.open_case(case, risk=child["risk"], priority=child["priority"], reason="", actor=manager)
        for name in child.get("circle", []):
            self.bring_in(case, name, child)
        for note in sorted(child.get("note", []), key=lambda row: -row["days_ago"]):
            by = self.actor(note["by"], note["days_ago"])
            writing.note(case, part=Part(note["part"]), text=note["text"], actor=by)
        for told in sorted(child.get("form", []), key=lambda row: -row["days_ago"]):
            self.fill_in(case, told)
        if child["stage"] in (Stage.IDENTIFICATION, Stage.CLOSED):
            self.finish_steps(case, child)
            self.close(case, child)
            return
        changing.move_stage(
            case, stage=child["stage"], reason="", actor=self.actor(child["manager"], child["staged_days_ago"])
        )
        due = self.now + timedelta(days=len(self.cases) % 7 - 2, hours=3)
        early = self.actor(child["manager"], 4)
        writing.flag(case, text=DUE[child["language"]], due=max(due, early.now), actor=early)
        self.finish_steps(case, child)

    def finish_steps(self, case: Case, child: Mapping[str, Any]) -> None:
        """Steps of the procedure that somebody said were done, so many days ago; those that are left show what one sees of late ones."""
        for step, days_ago in sorted(child.get("done", {}).items(), key=lambda told: -told[1]):
            steps.finish_step(case, step=step, actor=self.actor(child["manager"], days_ago))

    def fill_in(self, case: Case, told: Mapping[str, Any]) -> None:
        """A form of the pack, as a worker filled it in then."""
        by, version = self.actor(told["by"], told["days_ago"]), kept.current(told["form"])
        filling = records.begun(version, told["language"], by.now)
        days = {
            path: str(timezone.localdate(by.now) + timedelta(days=ahead))
            for path, ahead in told.get("days", {}).items()
        }
        for path, answer in {**told["answers"], **days}.items():
            filling.put(path, answer)
        recording.record_form(
            case,
            version=version,
            instance=filling.instance(),
            instance_id=filling.instance_id,
            language=told["language"],
            actor=by,
        )

    def bring_in(self, case: Case, name: str, child: Mapping[str, Any]) -> None:
        member, manager = self.members[name], self.actor(child["manager"], child["opened_days_ago"])
        if member.agency_id != case.agency_id:
            consenting.record_consent(
                case,
                purpose="assistance_by_partner",
                recipient=member.agency,
                parts=SHARED_WITH_PARTNERS,
                given_by="both",
                words="",
                given_on=timezone.localdate(manager.now),
                actor=manager,
            )
            manager = self.actor(child["manager"], child["opened_days_ago"])
        handing.bring_in(case, to=member, relation=STANDS_AS[Role(member.role)], reason="", actor=manager)

    def close(self, case: Case, child: Mapping[str, Any]) -> None:
        if child["stage"] == Stage.CLOSED:
            by = self.actor(child["manager"], child["closed_days_ago"])
            changing.close(case, why=child["closing_reason"], reason="", actor=by)


# What the raised flag asks for, in the language of the child's file.
DUE = {
    "tk": "Meýilnamany çaga bilen bile gözden geçirmek",
    "ru": "Пересмотреть план вместе с ребёнком",
    "en": "Go through the plan with the child",
    "ro": "De revăzut planul împreună cu copilul",
}
