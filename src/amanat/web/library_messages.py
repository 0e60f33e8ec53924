"""Messages of Django and allauth that a worker can meet and their catalogues lack (or word badly) in a language of ours."""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

# Here only so that `makemessages` keeps them in our catalogues, which stand before those of the libraries.
MESSAGES = [
    gettext_noop("Enter a valid JSON."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
]
