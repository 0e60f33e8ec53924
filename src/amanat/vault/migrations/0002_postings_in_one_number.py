"""Postings become one number each. The old ones are dropped: `amanat index sweep` makes them anew from the files."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.models

GONE = 0  # a fold that no code knows: whatever was posted by it has to be posted again


def leave_to_the_sweep(apps, schema_editor):
    """Where there are children already, say that the index is not whole."""
    if apps.get_model("vault", "Subject").objects.filter(kind="child").exists():
        apps.get_model("vault", "Generation").objects.create(number=1, fold=GONE, whole=True)


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Posting"),
        migrations.AlterField(
            model_name="subject",
            name="kind",
            field=models.CharField(
                choices=[
                    ("child", "child"),
                    ("shared", "shared record"),
                    ("office", "office"),
                    ("draft", "draft"),
                    ("import", "import"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[("entry", amanat.vault.models.EntryField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("fold", models.PositiveSmallIntegerField()),
                ("wrapped_keys", models.BinaryField(default=b"")),
                ("swept_to", models.UUIDField(null=True)),
                ("dropped_to", models.PositiveIntegerField(default=0)),
                ("whole", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("number", models.AutoField(primary_key=True, serialize=False)),
                (
                    "generation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.generation",
                    ),
                ),
                ("digests", models.BinaryField()),
                ("before", models.BinaryField(default=b"")),
                ("card", models.BinaryField(default=b"")),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="indexed", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.RunPython(leave_to_the_sweep, migrations.RunPython.noop),
    ]
