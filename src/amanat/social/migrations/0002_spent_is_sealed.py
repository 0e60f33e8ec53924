"""How much of a budget line was spent is sealed with the line. What was counted in clear before is not taken over: a migration has no
keys, and no version that counted so was released."""

from django.db import migrations

import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("social", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="budget",
            name="spent",
            field=amanat.vault.sealing.Sealed(null=True, seal_id="social.budget.spent"),
        ),
        migrations.DeleteModel(
            name="Tally",
        ),
    ]
