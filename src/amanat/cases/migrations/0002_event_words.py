"""Why a case was opened, moved, closed: under a part of its own, beside the line that says that it was."""

from django.db import migrations, models

import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="words",
            field=amanat.vault.sealing.Sealed(null=True, seal_id="cases.event.words"),
        ),
        migrations.AddField(
            model_name="event",
            name="words_part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("existence", "existence, stage, lateness"),
                    ("referral_summary", "referral summary"),
                    ("identity", "identity"),
                    ("contacts", "contacts"),
                    ("safety", "safety"),
                    ("facts", "facts"),
                    ("narrative", "narrative"),
                    ("psychology_notes", "psychology: process notes"),
                    ("psychology_summary", "psychology: summary and scores"),
                    ("health_file", "health: file"),
                    ("health_alerts", "health: alerts and medicines"),
                    ("legal_file", "legal: file"),
                    ("legal_status", "legal: status"),
                    ("centre", "centre log"),
                    ("plan", "plan"),
                    ("consent", "consent"),
                    ("audit", "audit of the file"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
    ]
