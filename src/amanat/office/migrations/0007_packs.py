import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0006_uploads"),
        ("people", "0002_user_suspended_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="PackVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("title", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("archive", models.BinaryField(blank=True, default=b"")),
                ("faults", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("turn", models.PositiveIntegerField(null=True, unique=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("name", "version", "digest"), name="one_pack_once")],
            },
        ),
    ]
