"""What runs in the web process: the application, and beside it the threads that seal the audit log and work on imports."""

import ctypes
import gc
import os
import signal

from amanat.audit.sealer import Sealer
from amanat.cases import sweeping
from amanat.config.wsgi import application
from amanat.exchange.work import Importer

__all__ = ["application"]

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# A terminal's Ctrl-C goes to the whole group. Only the supervisor should hear it: its own word to this process, coming on top
# of the terminal's, can leave Granian's worker waiting for ever.
os.setpgid(0, 0)
# Whoever kills the supervisor must not leave a process behind that holds the keys.
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
# What stands in memory now stays until the end: a full collection would only walk through it, in the middle of a request.
gc.collect()
gc.freeze()
Sealer().start()
Importer().start()
sweeping.in_background()
