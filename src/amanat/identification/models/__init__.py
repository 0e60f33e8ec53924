"""What the room keeps: screenings (`screening`), what is known of the age (`age`), what workers state (`decisions`)."""

from amanat.identification.models.age import AgeRecord
from amanat.identification.models.decisions import Statement, StatementKind
from amanat.identification.models.screening import Screening

__all__ = ["AgeRecord", "Screening", "Statement", "StatementKind"]
