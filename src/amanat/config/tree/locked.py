"""The child that answers while the workspace is locked: no keys, no database, no page about anybody. See `locked_urls`."""

from __future__ import annotations

import os

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

from amanat.config.tree import listening


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.config.tree.locked_settings"
    from django.core.wsgi import get_wsgi_application

    listening.serve(get_wsgi_application())


if __name__ == "__main__":
    main()
