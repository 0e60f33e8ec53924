"""Pictures, sound and films that a version of a form shows."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids


class Migration(migrations.Migration):
    dependencies = [
        ("forms", "0002_answers_reason"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="forms.formversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="formfile",
            constraint=models.UniqueConstraint(fields=("version", "name"), name="one_file_a_name"),
        ),
    ]
