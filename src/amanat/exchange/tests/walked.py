"""Papers that the policy walk's social worker asked for, the child's among them."""

from __future__ import annotations

from datetime import timedelta

from amanat.cases.models import Case
from amanat.exchange.models import Bundle, BundleSheet, BundleState, SheetState
from amanat.people.models import Membership
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW


def walked(case: Case, worker: Membership) -> Bundle:
    subject = Subject.objects.begin(SubjectKind.IMPORT)
    about = {"by": worker, "asked_at": NOW, "ends_at": NOW + timedelta(days=1), "asked": 1, "cursor": 1}
    wanted = {"paper": "plan-authority", "language": "tk", "reason": "walked"}
    bundle = Bundle.objects.create(subject=subject, state=BundleState.DONE, wanted=wanted, **about)
    made = {"pdf": "JVBERi0xLjc="}
    BundleSheet.objects.create(subject=subject, bundle=bundle, place=0, case=case, state=SheetState.MADE, made=made)
    return bundle
