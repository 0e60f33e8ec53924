"""Why a record was corrected, and that one was looked through and stands."""

from django.db import migrations, models

import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("forms", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="answers",
            name="reason",
            field=amanat.vault.sealing.Sealed(null=True, seal_id="forms.answers.reason"),
        ),
        migrations.AddField(
            model_name="answers",
            name="confirmed",
            field=models.BooleanField(default=False),
        ),
    ]
