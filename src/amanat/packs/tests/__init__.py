"""Tests of the room; `SHIPPED` is where the project's own packs lie."""

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[4] / "packs"
