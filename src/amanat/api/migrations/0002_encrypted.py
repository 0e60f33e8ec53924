import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
        ("vault", "0005_rotation"),
    ]

    operations = [
        migrations.AddField(
            model_name="waiting",
            name="about",
            field=models.UUIDField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="waiting",
            name="fault",
            field=models.CharField(
                blank=True,
                choices=[
                    ("altered", "It is not what the phone signed: something was changed on the way."),
                    ("damaged", "It was damaged on the way, or on the phone."),
                    ("foreign", "It was encrypted for another workspace, or its key was damaged."),
                    ("missing", "Some of its files have not come."),
                ],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="waiting",
            name="instance_id",
            field=models.CharField(blank=True, db_index=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="FormKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("private", amanat.vault.sealing.Sealed(null=True, seal_id="api.form_key.private")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
