"""Amanat: case work for those who assist trafficked children. What lives in which room: docs/architecture.md."""

import gc

__version__ = "0.1.0"

# A process begins with hundreds of thousands of objects that all stay. To look for garbage among them after each 700, as Python does,
# takes an eighth of that time and finds none. When the rooms stand, `config.apps` puts this back.
gc.set_threshold(200_000)
