"""What runs in the web process: the application, and beside it the thread that seals the audit log."""

from amanat.audit.sealer import Sealer
from amanat.config.wsgi import application

__all__ = ["application"]

Sealer().start()
