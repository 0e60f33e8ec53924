import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0003_backups"),
        ("people", "0002_user_suspended_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="destination",
            name="erasures",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="DeviceClock",
            fields=[
                ("mark", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("ahead", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RestoreDrill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("read", "everything could be read (--dry-run)"),
                            ("restored", "a workspace was made of it on another machine, and looked at"),
                            ("failed", "it did not work"),
                        ],
                        max_length=10,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-noted_at"],
            },
        ),
    ]
