import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0005_places_on_demand"),
        ("people", "0002_user_suspended_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=200, unique=True)),
                ("source_name", models.CharField(max_length=200)),
                ("source", models.BinaryField()),
                ("faults", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
            options={"ordering": ["-at"]},
        ),
    ]
