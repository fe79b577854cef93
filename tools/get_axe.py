"""Finds axe-core, which the accessibility tests run in the page, or gets it: `python -m tools.get_axe` prints where."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NPM_PACKAGE = "axe-core@4.14.1"
CACHE = Path(__file__).resolve().parents[1] / ".cache" / NPM_PACKAGE.replace("@", "-")
AXE = CACHE / "axe.min.js"

HOW_TO_GET_IT = f"""\
There is no axe-core here, and the accessibility tests need it. Either of these gives it:
  - python -m tools.get_axe          (needs npm, which comes with Node.js; on Debian: sudo apt-get install npm)
  - axe.min.js of the npm package {NPM_PACKAGE}, put by hand at {AXE}"""


class NoAxeError(RuntimeError):
    """There is no axe-core, and none could be got; the message says how to get it."""


def get_axe() -> Path:
    """Returns axe.min.js from the cache, after getting it by `npm pack` where it is not there yet."""
    if not AXE.is_file():
        try:
            _unpack_npm_package()
        except (OSError, subprocess.SubprocessError, shutil.ReadError) as error:
            raise NoAxeError(f"{HOW_TO_GET_IT}\nnpm said: {error}") from error
    return AXE


def _unpack_npm_package() -> None:
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as scratch:
        work = Path(scratch)
        command = ["npm", "pack", "--silent", NPM_PACKAGE, "--pack-destination", scratch]
        done = subprocess.run(
            command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            raise subprocess.SubprocessError(" | ".join((done.stderr or done.stdout).strip().splitlines()[-3:]))
        shutil.unpack_archive(next(work.glob("*.tgz")), work)
        CACHE.mkdir(exist_ok=True)
        (work / "package" / "axe.min.js").rename(AXE)  # complete or not there at all


if __name__ == "__main__":
    try:
        print(get_axe())
    except NoAxeError as error:
        sys.exit(str(error))
