"""What the room keeps: what was asked and found about a child's family, who of the people around a child is what, help given, money spent.

Of a child stand in clear only who wrote when; amounts of a child are sealed. Budgets are the office's: their donor is sealed under its
subject, and so is how much of them was spent, for a sum in clear beside the times of entries tells what one child got.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.cases.models import Attachment, OfCase, PersonAround
from amanat.people.models import Agency, Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class FamilyKind(models.TextChoices):
    ASKED = "asked", _("the child was asked")
    TRIED = "tried", _("what was tried to find somebody")
    ASSESSED = "assessed", _("assessment of a family")


class FamilyStep(OfCase):
    """One step on the way to a family. It begins with the question to the child (ASKED); the others answer that one (`about`).

    `content` is a JSON object; what stands in it says the verb that wrote it (`actions.family`).
    """

    kind = models.CharField(max_length=10, choices=FamilyKind)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    content = Sealed("social.family_step.content", part=Part.SAFETY)

    class Meta:
        indexes = [models.Index(fields=["subject", "kind", "at", "id"], name="family_step_of_child")]

    def __str__(self) -> str:
        return self.kind


class Tie(OfCase):
    """What somebody around a child is to it: {ring, safe, words}. The newest of a person holds; one without `ring` takes it back."""

    person = models.ForeignKey(PersonAround, on_delete=models.PROTECT, related_name="+")
    content = Sealed("social.tie.content", part=Part.CONTACTS)

    class Meta:
        indexes = [models.Index(fields=["subject", "at", "id"], name="tie_of_child")]

    def __str__(self) -> str:
        return "what a person is to a child"


class Help(OfCase):
    """Help that was given: {kind, on, what, …}. `words` is what was seen on a home visit, which belongs to the narrative.

    `takes_back`: one that was wrong; both stay, and `content` says {why}.
    """

    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back"
    )
    content = Sealed("social.help.content", part=Part.PLAN)
    words = Sealed("social.help.words", part=Part.NARRATIVE)

    class Meta:
        indexes = [models.Index(fields=["subject", "at", "id"], name="help_of_child")]

    def __str__(self) -> str:
        return "help"


class Spending(OfCase):
    """Money or goods for a child: {budget, form, amount, currency, on, what, to}. `amount` is a decimal number as text.

    Which budget it came from is sealed with it, so that sums in clear lead to no child. `takes_back`: an entry that was wrong;
    both stay.
    """

    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back"
    )
    receipt = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = Sealed("social.spending.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["subject", "at", "id"], name="spending_of_child")]

    def __str__(self) -> str:
        return "spending"


class SpentAs(models.TextChoices):
    MONEY = "money", _("money")
    GOODS = "goods", _("goods")


class Budget(SealedModel):
    """A line of a donor's money: how much, in which currency, from when to when. `content`: {donor, line}, the office's.

    `amount` counts the smallest units of the currency (its digits by ISO 4217), so that sums are exact on both databases. `spent`: what
    was spent of it in the same units, {month: {a `SpentAs`: units}}, months as 2026-11; it names no child, and is written under the lock
    of the row.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField()
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    content = Sealed("social.budget.content", part="office")
    spent = Sealed("social.budget.spent", part="office")

    class Meta:
        indexes = [models.Index(fields=["agency", "until", "id"], name="budget_of_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_has_money"),
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="budget_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return "budget"
