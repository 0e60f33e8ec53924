"""What runs in the web process: the application, and beside it the thread that seals the audit log."""

import ctypes
import os
import signal

from amanat.audit.sealer import Sealer
from amanat.config.wsgi import application

__all__ = ["application"]

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# A terminal's Ctrl-C goes to the whole group. Only the supervisor should hear it: its own word to this process, coming on top
# of the terminal's, can leave Granian's worker waiting for ever.
os.setpgid(0, 0)
# Whoever kills the supervisor must not leave a process behind that holds the keys.
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
Sealer().start()
