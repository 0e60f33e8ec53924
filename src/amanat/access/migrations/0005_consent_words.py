import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_referrals"),
        ("people", "0003_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="number",
            field=models.CharField(blank=True, default="", max_length=9),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consent",
            name="also",
            field=models.JSONField(default=list),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("number",), name="one_consent_a_number"
            ),
        ),
        migrations.CreateModel(
            name="WithdrawalNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="access.consent"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "confirmed_at"], name="notice_of_agency")],
                "constraints": [
                    models.UniqueConstraint(fields=("consent", "agency"), name="one_notice_an_agency"),
                ],
            },
        ),
    ]
