"""A child that answers requests: it loads the application, waits for the keys, and serves."""

from __future__ import annotations

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

import gc

from amanat.config.tree import listening


def main() -> None:
    from amanat.config.wsgi import application
    from amanat.vault.erasing import Forgetter

    child.unlock()
    Forgetter().start()
    # What stands in memory now stays until the end: a full collection would only walk through it, in the middle of a request.
    gc.collect()
    gc.freeze()
    listening.serve(application)


if __name__ == "__main__":
    main()
