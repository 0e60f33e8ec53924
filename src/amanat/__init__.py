"""Amanat: case work for those who assist trafficked children. What lives in which room: docs/architecture.md."""

__version__ = "0.1.0"
