"""Papers of many children, gathered into one file."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_assistance"),
        ("exchange", "0002_batch_into_and_denied"),
        ("people", "0003_duty"),
        ("vault", "0007_location"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("gathering", "is being gathered"), ("done", "ready"), ("stopped", "stopped")],
                        default="gathering",
                        max_length=10,
                    ),
                ),
                ("asked", models.PositiveSmallIntegerField()),
                ("cursor", models.PositiveSmallIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ends_at", models.DateTimeField()),
                ("wanted", amanat.vault.sealing.Sealed(null=True, seal_id="exchange.bundle.wanted")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BundleSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waits", "waits"), ("made", "made"), ("left_out", "left out")],
                        default="waits",
                        max_length=8,
                    ),
                ),
                ("made", amanat.vault.sealing.Sealed(null=True, seal_id="exchange.bundle_sheet.made")),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="exchange.bundle"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bundle",
            index=models.Index(fields=["by", "asked_at", "id"], name="bundle_of"),
        ),
        migrations.AddIndex(
            model_name="bundle",
            index=models.Index(condition=models.Q(("state", "gathering")), fields=["state"], name="bundle_working"),
        ),
        migrations.AddConstraint(
            model_name="bundlesheet",
            constraint=models.UniqueConstraint(fields=("bundle", "place"), name="one_sheet_a_place"),
        ),
    ]
