"""A form that cannot be used, with every reason."""

from amanat.packs.faults import FaultyPack


class FaultyForm(FaultyPack):
    """`faults`: what is wrong, in which file, sheet, row and column, and how to mend it."""
