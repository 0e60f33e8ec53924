"""The WSGI application. WSGI on purpose: under ASGI Django would spool uploads to a file in clear before a handler sees them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
application = get_wsgi_application()
