"""The program that turns a page for paper into a PDF: HTML comes in, the PDF goes out, and nothing touches a disk.

A process of its own (see `pdf`), so that whoever serves never loads WeasyPrint and goes on answering meanwhile. It has no keys, and
gets nothing from a network: every address in a page is refused.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

LACKING = 3  # what it ends with where a library of the system is missing
MEMORY = 1 << 30
SECONDS = 60
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4  # linux/prctl.h


def main() -> int:
    system = ctypes.CDLL(None)
    system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends with whoever asked
    system.prctl(PR_SET_DUMPABLE, 0)  # nobody else of the same user looks into it
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    try:
        import weasyprint
    except OSError:
        return LACKING
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    style = weasyprint.CSS(string=Path(__file__).with_name("paper.css").read_text(), url_fetcher=nothing)
    page = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=nothing)
    page.write_pdf(sys.stdout.buffer, stylesheets=[style], pdf_variant="pdf/ua-1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
