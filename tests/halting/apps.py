import os
import sys
import threading
from pathlib import Path

from django.apps import AppConfig

AT = "AMANAT_TEST_HALTS_AT"  # names a file with the point, as `tests.broken` reads it; empty: nowhere


def stands_at(point: Path) -> Path:
    """There as soon as a thread stands."""
    return point.with_name("stands")


class HaltingConfig(AppConfig):
    name = "tests.halting"
    label = "halting"

    def ready(self) -> None:
        from tests.broken import at

        file = Path(os.environ[AT])
        if Path(sys.argv[0]).name == "tasks.py" and (point := file.read_text()):
            at(point, lambda: self.stand(file))

    @staticmethod
    def stand(file: Path) -> None:
        """A signal would stop the process a moment later, when the thread has gone on."""
        stands_at(file).touch()
        threading.Event().wait()
