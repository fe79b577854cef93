"""Does what a Hugging Face Space does with the Dockerfile, without Docker.

Run as `python -m tests.support.like_a_space [--install]`.

Its steps are read from the file and done in a scratch folder that stands for the image: files are copied, variables
set, and the last command runs as the user of the Dockerfile, with an empty home folder and without a network. Then a
Chromium opens the app, by itself and in the frame of another site.

The installed packages stand in for those of `pip install`; with --install they are installed by the Dockerfile's own
command, which takes minutes. Only root can become another user: anybody else runs it as who they are.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import json
import os
import re
import shlex
import shutil
import socket
import stat
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.screen import framed, headline, new_screen, started_browser, upload_in_frame

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
RUNS = b"device,device_hours,training_flop\nA100 SXM 80GB,135168,7.8e22\nH100,64e5,6.3e24\n"
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


class NotLikeASpaceError(RuntimeError):
    """The Dockerfile would not work on a Space; the message says at which step."""


@dataclass
class Image:
    """What the steps of the Dockerfile have made so far."""

    root: Path  # stands for /
    install: bool
    uid: int = 0
    home: str = ""
    user: str = "root"
    folder: str = "/"
    env: dict[str, str] = field(default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root"})
    port: int = 0
    command: list[str] = field(default_factory=list)

    def outside(self, path: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / str(Path(self.folder, path)).lstrip("/")

    def step(self, name: str, rest: str) -> None:
        """Does one instruction."""
        match name:
            case "FROM":
                version = re.match(r"python:3\.(\d+)", rest)
                if not version or int(version[1]) != sys.version_info.minor:
                    raise NotLikeASpaceError(f"{rest}: run this with that Python")
                self._python()
            case "USER":
                self.user = rest
            case "WORKDIR":
                self.folder = rest
                self.outside(".").mkdir(parents=True, exist_ok=True)  # as root's, whoever the user is
            case "ENV":
                for word in shlex.split(rest):
                    key, _, value = word.partition("=")
                    self.env[key] = re.sub(r"\$\{?(\w+)\}?", lambda found: self.env.get(found[1], ""), value)
            case "COPY":
                self._copy(shlex.split(rest))
            case "RUN":
                self._run(rest)
            case "EXPOSE":
                self.port = int(rest)
            case "CMD":
                self.command = json.loads(rest)
            case _:
                raise NotLikeASpaceError(f"{name}: an instruction that tests/support/like_a_space.py does not know")

    def start(self, command: list[str], log: int | None = None) -> subprocess.Popen[bytes]:
        """Runs a command in the image as its user, with the image's variables and nothing else."""
        env = {key: self._moved(value) for key, value in self.env.items()}
        env["PATH"] = f"{self.outside('/usr/local/bin')}:{env['PATH']}"
        env["LD_LIBRARY_PATH"] = str(self.outside("/usr/local/lib"))
        if not self.install:
            env["PYTHONPATH"] = sysconfig.get_path("purelib")
        elif command[0] == "/bin/sh":  # where this machine gets packages from
            env |= {key: value for key, value in os.environ.items() if re.match(r"PIP_|SSL_CERT|\w+_proxy$", key, re.I)}
        other = os.geteuid() == 0 and self.user != "root"
        who: dict[str, Any] = {"user": self.uid, "group": self.uid, "extra_groups": ()} if other else {}
        return subprocess.Popen(command, cwd=self.outside("."), env=env, stdout=log, stderr=log, **who)

    def writable(self) -> list[Path]:
        """What of the code its own user could change."""
        found = [self.outside("."), *self.outside(".").rglob("*")]
        return [one for one in found if one.stat().st_uid == self.uid or one.stat().st_mode & stat.S_IWOTH]

    def _python(self) -> None:
        """Puts this Python where the image has it: a copy, as that of a user's own folder is closed to others."""
        bin_, lib = self.outside("/usr/local/bin"), f"lib/python3.{sys.version_info.minor}"
        bin_.mkdir(parents=True)
        shutil.copy(Path(sys.executable).resolve(), bin_ / "python")
        left_out = shutil.ignore_patterns("test", "__pycache__", "EXTERNALLY-MANAGED", "site-packages", "dist-packages")
        shutil.copytree(Path(sys.base_prefix, lib), self.outside(f"/usr/local/{lib}"), ignore=left_out, symlinks=True)
        for shared in Path(sys.base_prefix, "lib").glob("libpython3.*.so*"):
            shutil.copy(shared, self.outside("/usr/local/lib"))
        if self.install:
            self._done(["python", "-m", "ensurepip"])
        (bin_ / "pip").write_text('#!/bin/sh\nexec python -m pip "$@"\n')
        (bin_ / "pip").chmod(0o755)

    def _run(self, command: str) -> None:
        words = shlex.split(command)
        if words[0] == "useradd":
            self.uid = int(words[words.index("--uid") + 1])
            self.home = f"/home/{words[-1]}"
            self.outside(self.home).mkdir(parents=True)
            self._give(self.outside(self.home))
        elif words[:2] == ["pip", "install"] and not self.install:
            wanted = self.outside(words[words.index("-r") + 1])
            _say(f"  {len(wanted.read_text().splitlines())} lines of {wanted.name}: taken as installed")
        else:
            self._done(["/bin/sh", "-c", command])

    def _done(self, command: list[str]) -> None:
        if self.start(command).wait():
            raise NotLikeASpaceError(f"{shlex.join(command)} failed")

    def _copy(self, words: list[str]) -> None:
        *sources, target = [word for word in words if not word.startswith("--")]
        for source in sources:
            found, to = ROOT / source, self.outside(target)
            if found.is_dir():
                shutil.copytree(found, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(found, to / found.name if target.endswith((".", "/")) else to)
            if f"--chown={self.user}" in words:
                for one in [to, *to.rglob("*")]:
                    self._give(one)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.uid)

    def _moved(self, text: str) -> str:
        return text.replace(self.home, str(self.outside(self.home))) if self.home else text


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The steps of a Dockerfile, each as its name and what follows."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", "", lines).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest.strip()


def without_network() -> str:
    """Leaves this process, and all that it starts, with nothing but a loopback; returns how that went."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        return f"with the network of this machine ({os.strerror(ctypes.get_errno())})"
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", IFF_UP, b""))
    return "without a network"


def visit(url: str) -> str:
    """Opens the app in Chromium, then in the frame of another site; returns its headline."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = started_browser(playwright)
        screen = new_screen(browser, url, 1280, 800, "light")
        screen.go("/")
        if screen.complaints:
            raise NotLikeASpaceError(f"the browser complains: {screen.complaints}")
        shown = headline(screen.page)
        frame = framed(screen.page, url, "tokens=2e12")
        frame.locator("input[type=range][aria-label='Training tokens, slider']").press("ArrowRight")
        frame.get_by_text("2.5T").first.wait_for()
        upload_in_frame(frame, RUNS)
        browser.close()
    return shown


def main() -> None:
    """Does all the steps, and says what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.like_a_space", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install the packages too, by the Dockerfile's command")
    install = parser.parse_args().install
    with tempfile.TemporaryDirectory(prefix="space-") as scratch:
        Path(scratch).chmod(0o755)
        image = Image(Path(scratch), install)
        for name, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
            _say(f"{name} {rest}")
            image.step(name, rest)
        asked = re.search(r"^app_port: (\d+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
        if not asked or int(asked[1]) != image.port:
            raise NotLikeASpaceError(f"README.md's app_port is not the port that the Dockerfile exposes, {image.port}")
        if image.user == "root" or not image.uid:
            raise NotLikeASpaceError("the command would run as root")
        if os.geteuid() == 0 and image.writable():
            raise NotLikeASpaceError(f"the user of the command can change its code: {image.writable()[0]}")
        network = without_network()
        with tempfile.TemporaryFile() as log:
            began = time.monotonic()
            server = image.start(image.command, log.fileno())
            try:
                url = f"http://127.0.0.1:{image.port}"
                _wait(server, url)
                answered = time.monotonic() - began
                headline = visit(url)
            except BaseException:
                log.seek(0)
                _say(log.read().decode(errors="replace")[-4000:])
                raise
            finally:
                server.terminate()
                server.wait(10)
        who = f"uid {image.uid}" if os.geteuid() == 0 else f"uid {os.geteuid()}, as only root can become {image.uid}"
        print(f"As {who}, {network}: answered after {answered:.1f} s; by itself and in a frame it shows:\n{headline}")


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NotLikeASpaceError(f"the command ended with {server.returncode}")
        try:
            with urllib.request.urlopen(url + "/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise NotLikeASpaceError(f"no answer on {url} for {PATIENCE_S} s")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except NotLikeASpaceError as error:
        sys.exit(str(error))
