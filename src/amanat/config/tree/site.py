"""The child that serves the public site on a port of its own: no keys, no database, no cookie, none of the pages of those who work here.

It goes on while the workspace is locked. What is sent to it is sealed and waits in the intake.
"""

from __future__ import annotations

import os

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

from amanat.config.tree import listening


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.config.tree.site_settings"
    from django.core.wsgi import get_wsgi_application

    listening.serve(get_wsgi_application())


if __name__ == "__main__":
    main()
