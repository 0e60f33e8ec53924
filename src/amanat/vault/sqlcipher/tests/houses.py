"""Three small tables with a column of each kind, in a registry of their own: no migration, no room of the product sees them."""

# ruff: noqa: DJ008 - nobody prints these rows

import sys
import uuid
from datetime import UTC, datetime

from django.apps import AppConfig
from django.apps.registry import Apps
from django.db import models

EVENING = datetime(2026, 3, 31, 20, 30, tzinfo=UTC)  # the next day, and the next month, in Ashgabat


class Houses(AppConfig):
    label = "houses"


registry = Apps([Houses(__package__, sys.modules[__package__])])


class House(models.Model):
    name = models.CharField(max_length=40, unique=True)
    opened = models.DateField(null=True)

    class Meta:
        app_label = "houses"
        apps = registry


class Stay(models.Model):
    house = models.ForeignKey(House, on_delete=models.CASCADE, related_name="stays")
    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    arrived = models.DateTimeField(null=True)
    nights = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    needs = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    lasted = models.DurationField(null=True)
    alone = models.BooleanField(default=False)

    class Meta:
        app_label = "houses"
        apps = registry
        constraints = [models.CheckConstraint(condition=models.Q(nights__lte=3650), name="houses_stay_ten_years")]


class Counter(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    value = models.IntegerField(default=0)

    class Meta:
        app_label = "houses"
        apps = registry


MODELS: tuple[type[models.Model], ...] = (House, Stay, Counter)
