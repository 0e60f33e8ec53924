"""The tables of HSDS 3.0, confidential places, and packages that wait to be taken in."""

import django.db.models.deletion
from django.db import migrations, models

import amanat.vault.ids
import amanat.vault.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_duty"),
        ("vault", "0007_location"),
    ]

    operations = [
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("name", models.CharField(blank=True, max_length=500)),
                (
                    "location_type",
                    models.CharField(
                        choices=[("physical", "a place"), ("postal", "for post"), ("virtual", "by phone or internet")],
                        default="physical",
                        max_length=10,
                    ),
                ),
                ("url", models.TextField(blank=True)),
                ("transportation", models.TextField(blank=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("external_identifier", models.TextField(blank=True)),
                ("external_identifier_type", models.TextField(blank=True)),
                ("region", models.CharField(blank=True, db_index=True, max_length=40)),
                ("is_confidential", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Metadata",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("resource_id", models.UUIDField(db_index=True)),
                ("resource_type", models.TextField()),
                ("last_action_date", models.DateField(null=True)),
                ("last_action_type", models.TextField()),
                ("field_name", models.TextField()),
                ("previous_value", models.TextField(blank=True)),
                ("replacement_value", models.TextField(blank=True)),
                ("updated_by", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "metadata",
            },
        ),
        migrations.CreateModel(
            name="MetaTableDescription",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.TextField(blank=True)),
                ("language", models.TextField(blank=True)),
                ("character_set", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Taxonomy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=500)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("uri", models.TextField(blank=True)),
                ("version", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "taxonomies",
            },
        ),
        migrations.CreateModel(
            name="ConfidentialPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="directory.place.content")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
                (
                    "location",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="place", to="directory.location"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("attention", models.TextField(blank=True)),
                ("address_1", models.TextField(blank=True)),
                ("address_2", models.TextField(blank=True)),
                ("city", models.TextField(blank=True)),
                ("region", models.TextField(blank=True)),
                ("state_province", models.TextField(blank=True)),
                ("postal_code", models.TextField(blank=True)),
                ("country", models.TextField(blank=True)),
                (
                    "address_type",
                    models.CharField(
                        choices=[("physical", "a place"), ("postal", "for post"), ("virtual", "by phone or internet")],
                        default="physical",
                        max_length=10,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="directory.location",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Accessibility",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("description", models.TextField(blank=True)),
                ("details", models.TextField(blank=True)),
                ("url", models.TextField(blank=True)),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accessibility",
                        to="directory.location",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=500)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("is_withheld", models.BooleanField(default=False)),
                ("email", models.TextField(blank=True)),
                ("website", models.TextField(blank=True)),
                ("tax_status", models.TextField(blank=True)),
                ("tax_id", models.TextField(blank=True)),
                ("year_incorporated", models.PositiveIntegerField(blank=True, null=True)),
                ("legal_status", models.TextField(blank=True)),
                ("logo", models.TextField(blank=True)),
                ("uri", models.TextField(blank=True)),
                (
                    "agency",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organization",
                        to="people.agency",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "parent_organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="directory.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="location",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="locations",
                to="directory.organization",
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.TextField(blank=True)),
                ("title", models.TextField(blank=True)),
                ("department", models.TextField(blank=True)),
                ("email", models.TextField(blank=True)),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="directory.location",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrganizationIdentifier",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("identifier_scheme", models.TextField(blank=True)),
                ("identifier_type", models.TextField(blank=True)),
                ("identifier", models.TextField(blank=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organization_identifiers",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("brought_at", models.DateTimeField()),
                ("content", amanat.vault.sealing.Sealed(null=True, seal_id="directory.package.content")),
                ("about", amanat.vault.sealing.Sealed(null=True, seal_id="directory.package.about")),
                (
                    "by",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membership"
                    ),
                ),
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
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=500)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=500)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("is_withheld", models.BooleanField(default=False)),
                ("url", models.TextField(blank=True)),
                ("email", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("inactive", "not given at present"),
                            ("defunct", "given no more"),
                            ("temporarily closed", "closed for some time"),
                        ],
                        default="active",
                        max_length=20,
                    ),
                ),
                ("interpretation_services", models.TextField(blank=True)),
                ("application_process", models.TextField(blank=True)),
                ("fees_description", models.TextField(blank=True)),
                ("wait_time", models.TextField(blank=True)),
                ("fees", models.TextField(blank=True)),
                ("accreditations", models.TextField(blank=True)),
                ("eligibility_description", models.TextField(blank=True)),
                ("minimum_age", models.FloatField(blank=True, null=True)),
                ("maximum_age", models.FloatField(blank=True, null=True)),
                ("assured_date", models.DateField(blank=True, null=True)),
                ("assurer_email", models.TextField(blank=True)),
                ("licenses", models.TextField(blank=True)),
                ("alert", models.TextField(blank=True)),
                ("last_modified", models.DateTimeField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[("any", "girls and boys"), ("girls", "girls only"), ("boys", "boys only")],
                        default="any",
                        max_length=10,
                    ),
                ),
                ("places", models.PositiveIntegerField(blank=True, null=True)),
                ("free_places", models.PositiveIntegerField(blank=True, null=True)),
                ("free_places_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="directory.organization",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="directory.program",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RequiredDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("document", models.TextField(blank=True)),
                ("uri", models.TextField(blank=True)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="required_documents",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("number", models.TextField()),
                ("extension", models.TextField(blank=True)),
                ("type", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="directory.contact",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="directory.location",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="directory.organization",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Language",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.TextField(blank=True)),
                ("code", models.CharField(blank=True, max_length=100)),
                ("note", models.TextField(blank=True)),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="languages",
                        to="directory.location",
                    ),
                ),
                (
                    "phone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="languages",
                        to="directory.phone",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="languages",
                        to="directory.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Funding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("funded_by", models.TextField(blank=True)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="funding",
                        to="directory.organization",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="funding",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CostOption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("option", models.TextField(blank=True)),
                ("currency", models.TextField(blank=True)),
                ("amount", models.FloatField(blank=True, null=True)),
                ("amount_description", models.TextField(blank=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cost_options", to="directory.service"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="service",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contacts",
                to="directory.service",
            ),
        ),
        migrations.CreateModel(
            name="ServiceArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("extent", models.TextField(blank=True)),
                ("extent_type", models.TextField(blank=True)),
                ("uri", models.TextField(blank=True)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_areas",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ServiceAtLocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("description", models.TextField(blank=True)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_at_locations",
                        to="directory.location",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_at_locations",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("dtstart", models.DateField(blank=True, null=True)),
                ("timezone", models.TextField(blank=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("count", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "wkst",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("MO", "Monday"),
                            ("TU", "Tuesday"),
                            ("WE", "Wednesday"),
                            ("TH", "Thursday"),
                            ("FR", "Friday"),
                            ("SA", "Saturday"),
                            ("SU", "Sunday"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "freq",
                    models.CharField(blank=True, choices=[("WEEKLY", "weekly"), ("MONTHLY", "monthly")], max_length=10),
                ),
                ("interval", models.PositiveIntegerField(blank=True, null=True)),
                ("byday", models.TextField(blank=True)),
                ("byweekno", models.TextField(blank=True)),
                ("bymonthday", models.TextField(blank=True)),
                ("byyearday", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("opens_at", models.TextField(blank=True)),
                ("closes_at", models.TextField(blank=True)),
                ("schedule_link", models.TextField(blank=True)),
                ("attending_type", models.TextField(blank=True)),
                ("notes", models.TextField(blank=True)),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="directory.location",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="directory.service",
                    ),
                ),
                (
                    "service_at_location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="directory.serviceatlocation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="phone",
            name="service_at_location",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="phones",
                to="directory.serviceatlocation",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="service_at_location",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contacts",
                to="directory.serviceatlocation",
            ),
        ),
        migrations.CreateModel(
            name="ServiceNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="directory.service"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TaxonomyTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=500)),
                ("alternate_name", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("code", models.TextField(blank=True)),
                ("taxonomy_name", models.TextField(blank=True)),
                ("language", models.TextField(blank=True)),
                ("term_uri", models.TextField(blank=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="directory.taxonomyterm",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="directory.taxonomy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amanat.vault.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_id", models.TextField(blank=True)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("source", models.TextField(blank=True)),
                ("verified", models.BooleanField(default=False)),
                ("link_id", models.UUIDField(db_index=True)),
                ("link_type", models.TextField(blank=True)),
                ("link_entity", models.TextField()),
                ("value", models.TextField(blank=True)),
                (
                    "taxonomy_term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributes",
                        to="directory.taxonomyterm",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["name", "id"], name="organization_by_name"),
        ),
        migrations.AddIndex(
            model_name="location",
            index=models.Index(fields=["name", "id"], name="location_by_name"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["name", "id"], name="service_by_name"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["status", "name", "id"], name="service_by_status"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("status", "active")), fields=["confirmed_on"], name="service_to_confirm"
            ),
        ),
        migrations.AddIndex(
            model_name="language",
            index=models.Index(fields=["code", "service"], name="service_in_language"),
        ),
        migrations.AddConstraint(
            model_name="serviceneed",
            constraint=models.UniqueConstraint(fields=("code", "service"), name="a_need_once"),
        ),
    ]
