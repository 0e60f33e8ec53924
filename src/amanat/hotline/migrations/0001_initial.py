"""Matters, calls, notes, links, telephone systems and counts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0007_alerts"),
        ("people", "0003_duty"),
        ("vault", "0006_matter"),
    ]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_rang_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.CharField(max_length=20)),
                ("outgoing", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "ringing"),
                            ("talking", "in talk"),
                            ("on_hold", "on hold"),
                            ("ended", "ended"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rang_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("held_since", models.DateTimeField(blank=True, null=True)),
                ("held_seconds", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("advised", "advised"),
                            ("call_back", "to be called back"),
                            ("case_opened", "case opened"),
                            ("handed_over", "handed to a colleague"),
                            ("emergency", "emergency (P1)"),
                            ("silent", "silent"),
                            ("abusive", "abusive"),
                            ("test", "test"),
                            ("wrong_number", "wrong number"),
                            ("no_answer", "nobody answered"),
                            ("abandoned", "hung up before it was answered"),
                        ],
                        max_length=20,
                    ),
                ),
                ("priority", models.CharField(blank=True, max_length=5)),
                ("version", models.PositiveIntegerField(default=1)),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="hotline.call.content")),
                ("number", amanat.vault.sealing.Sealed(null=True, seal_id="hotline.call.number")),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hotline.line",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_name", models.CharField(max_length=60, unique=True)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("priority", models.CharField(blank=True, max_length=5)),
                ("call_back_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("caller", amanat.vault.sealing.Sealed(null=True, seal_id="hotline.matter.caller")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
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
            name="CallerMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=16)),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mark", to="hotline.call"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hotline.matter"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="call",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="hotline.matter"
            ),
        ),
        migrations.CreateModel(
            name="MatterCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="hotline.call",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opened", to="hotline.matter"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MatterLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("linked_at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hotline.matter"
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hotline.matter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "note"), ("hand_over", "hand-over note"), ("debrief", "debrief")],
                        max_length=10,
                    ),
                ),
                (
                    "part",
                    models.CharField(
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
                            ("call", "calls to a hotline"),
                            ("screening", "screening from a call"),
                            ("debrief", "debrief of an operator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("wishes_to_talk", models.BooleanField(default=False)),
                ("talked_at", models.DateTimeField(blank=True, null=True)),
                ("words", amanat.vault.sealing.Sealed(null=True, seal_id="hotline.note.words")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="hotline.call",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="hotline.matter"
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
            name="RecruiterMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hotline.matter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                ("measure", models.CharField(max_length=30)),
                ("by", models.CharField(blank=True, max_length=10)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("count", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveBigIntegerField(default=0)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agency"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["subject"], name="matter_subject"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["agency", "last_at", "id"], name="matter_of_agency"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["agency", "holder"], name="matter_open"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("call_back_at__isnull", False)),
                fields=["agency", "call_back_at", "id"],
                name="matter_call_back",
            ),
        ),
        migrations.AddIndex(
            model_name="callermark",
            index=models.Index(fields=["digest"], name="caller_digest"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["matter", "rang_at"], name="call_of_matter"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["operator", "state"], name="call_of_operator"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["state", "rang_at"], name="call_not_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["operator", "ended_at"], name="call_ended_lately"),
        ),
        migrations.AddConstraint(
            model_name="mattercase",
            constraint=models.UniqueConstraint(fields=("matter", "case"), name="one_case_of_matter"),
        ),
        migrations.AddConstraint(
            model_name="matterlink",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="one_link"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["matter", "written_at"], name="note_of_matter"),
        ),
        migrations.AddIndex(
            model_name="recruitermark",
            index=models.Index(fields=["agency", "digest"], name="recruiter_digest"),
        ),
        migrations.AddConstraint(
            model_name="recruitermark",
            constraint=models.UniqueConstraint(fields=("digest", "matter"), name="one_recruiter_mark"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("agency", "day", "hour", "measure", "by", "value"), name="one_tally"
            ),
        ),
    ]
