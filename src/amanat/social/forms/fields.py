"""A field for an amount of money: what a person typed is read exactly, or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amanat.social import money


class AmountField(forms.CharField):
    """Digits, one point or comma, spaces between thousands. How many digits stand after it the verb checks: only the currency knows."""

    default_error_messages = {
        "unreadable": _("Write the amount in digits, with one point or comma: 1250.50 or 1 250,50."),
        "required": _("Write the amount."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._read(text) if text else None

    def _read(self, text: str) -> Decimal:
        try:
            return money.read(text)
        except money.Unreadable:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from None
