"""``make torture``: the real server under the faults that machines have; does it answer rightly, or refuse in words?

Each fault starts ``python -m serve`` on a copy of the code and data, and asks for the first page, for a link, for what
a slider shows while it moves, and for a run of the page. Right is: every number is the library's, a refusal is in
words, no visitor gets a traceback or a path, and no other host is asked for anything. What only root can do, or needs a
C compiler, is done where there is that, and else said to be left out.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.support import attacks
from tests.support.app_server import free_port
from tests.support.damaged_server import LINK, PATIENCE_S, copied, heading, headlines, judged, last_line, leaks, started
from tests.support.http_answers import asked
from tests.support.visitors import run, visit

PAST_RUNS = b"device,device_hours,training_flop\nA100 SXM 80GB,135168,7.8e22\n"
YEARS_BACK = 20
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(id, t);
  if (id == CLOCK_REALTIME && access(FLAG, F_OK) == 0) t->tv_sec -= BACK;
  return code;
}
"""


@dataclass(frozen=True)
class Row:
    """A fault, what was done, what the server said, and what was wrong of that; ``None`` where it was left out."""

    fault: str
    done: str
    said: str
    wrong: tuple[str, ...] | None = ()

    def __str__(self) -> str:
        """A line of the table."""
        right = "left out" if self.wrong is None else "; ".join(self.wrong) or "yes"
        return f"| {self.fault} | {self.done} | {self.said} | {right} |"


# --- the faults ---


def nothing() -> Iterator[Row]:
    """No fault: what the others are compared with."""
    with copied() as folder, started(folder) as server:
        yield Row("none", "started", "answers", judged(server))


def killed() -> Iterator[Row]:
    """The server is gone from one moment to the next, and started again on its port."""
    with copied() as folder:
        port = free_port()
        with started(folder, port) as server:
            wrong = judged(server)
            with contextlib.ExitStack() as open_requests:
                for _ in range(20):
                    one = open_requests.enter_context(socket.create_connection(("127.0.0.1", port)))
                    one.sendall(f"GET /plan?{urlencode(LINK)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                server.process.kill()
                server.process.wait()
                start = time.monotonic()
                with started(folder, port) as again:
                    wrong = judged(again, wrong)
                    took = time.monotonic() - start
    yield Row("kill -9", "while 20 pages were asked for; started again", f"answers again after {took:.1f} s", wrong)


def cut_files(names: Sequence[str] = ()) -> Iterator[Row]:
    """Each data file loses its second half, at the end of a line."""
    first, linked = headlines()
    with copied() as folder:
        files = [folder / "data" / name for name in names] or sorted((folder / "data").iterdir())
        wrong, said = [], ""
        for file in files:
            whole = file.read_bytes()
            half = whole[: len(whole) // 2]
            file.write_bytes(half[: half.rindex(b"\n") + 1] if b"\n" in half else half)
            with started(folder) as server:
                end = time.monotonic() + PATIENCE_S
                while server.process.poll() is None and time.monotonic() < end:
                    for path, wanted in (("/", first), (f"/?{urlencode(LINK)}", linked)):
                        with contextlib.suppress(OSError):
                            _, _, body = asked(server.url + path)
                            shown = heading(body)
                            if leaks(body.decode(errors="replace")) or (
                                re.search(r"\d t CO", shown) and shown != wanted
                            ):
                                wrong.append(f"{file.name}: a visitor gets {shown!r}")
                    time.sleep(0.02)
                found = server.ended() if server.process.poll() is not None else f"it goes on: {server.said()}"
            if f"data/{file.name}" not in last_line(found) or "Traceback" in found or server.process.returncode == 0:
                wrong.append(f"{file.name}: {last_line(found)}")
            said = said or last_line(found)
            file.write_bytes(whole)
    what = f"each of {len(files)} files of data/ cut in half, at the end of a line; pages asked for until it stopped"
    yield Row("cut files", what, f"stops each time, naming the file: “{said}”", tuple(dict.fromkeys(wrong)))


def read_only() -> Iterator[Row]:
    """Nothing can be written: first where the data and home are, then anywhere in the code and the temporary files."""
    with copied() as folder, tempfile.TemporaryDirectory() as home:
        cases = {
            "data/ and the home folder": [folder / "data", Path(home)],
            "the code, the data, the home folder and that of temporary files": [folder, Path(home)],
        }
        for what, paths in cases.items():
            variables = {"HOME": home, "TMPDIR": home, "XDG_CACHE_HOME": home}
            with closed(paths) as wrapped, started(folder, variables=variables, wrapped=wrapped) as server:
                yield Row("read-only", f"{what} cannot be written to", "answers", judged(server))


@contextlib.contextmanager
def closed(paths: Sequence[Path]) -> Iterator[list[str]]:
    """A command in which nothing below these paths can be written: by mounts for root, who needs no permission."""
    if os.geteuid() == 0:
        mounts = " && ".join(
            f"mount --bind {shlex.quote(str(path))} {shlex.quote(str(path))} && "
            f"mount -o remount,ro,bind {shlex.quote(str(path))} && ! touch {shlex.quote(str(path))}/x 2>/dev/null"
            for path in paths
        )
        yield ["unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
        return
    everything = [one for path in paths for one in (path, *path.rglob("*")) if one.is_dir()]
    for one in everything:
        one.chmod(0o555)
    yield []
    for one in everything:
        one.chmod(0o755)


def full_disk() -> Iterator[Row]:
    """Not a byte can be written to a file, whichever."""
    with copied() as folder, started(folder, most_written=0) as server:
        wrong = [] if server.answers() else ["does not answer"]
        visitor = run(visit(server.url, page="evidence"))
        status, _ = run(attacks.put(server.url, visitor.session, PAST_RUNS))
        wrong += [] if status == 204 else [f"an upload is answered {status}"]
        done = "every write to a file fails; a file of past runs is sent"
        yield Row("full disk", done, "answers, and takes the file", judged(server, wrong))


def locales() -> Iterator[Row]:
    """Languages of the machine in which text is no UTF-8, or small letters are others."""
    with copied() as folder:
        plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
        turkish = subprocess.run(
            ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")], capture_output=True, check=False
        )
        for name in ("C", "POSIX", "tr_TR.UTF-8"):
            if name.startswith("tr") and turkish.returncode:
                yield Row("locale", f"LC_ALL={name}", "this machine has no such locale, and cannot make it", None)
                continue
            variables = {**plain, "LANG": name, "LC_ALL": name, "LOCPATH": str(folder)}
            fields = [f"--{key.replace('_', '-')}={text}" for key, text in LINK.items()]
            command = subprocess.run(
                [sys.executable, "-m", "oce", "estimate", *fields],
                cwd=folder, env={**os.environ, **variables}, capture_output=True, check=False,
            )  # fmt: skip
            also = [f"oce estimate: {last_line(command.stderr.decode())}"] if command.returncode else []
            with started(folder, variables=variables) as server:
                done = f"LC_ALL={name}, Python's own UTF-8 mode off; oce estimate too"
                yield Row("locale", done, "answers", judged(server, also))


def two_servers() -> Iterator[Row]:
    """A second server is told to listen where the first does."""
    with copied() as folder, started(folder) as server:
        wrong = judged(server)
        with started(folder, int(server.url.rpartition(":")[2])) as second:
            said = second.ended()
        if "Traceback" in said or second.process.returncode == 0 or "address already in use" not in said:
            wrong = (*wrong, f"the second says {last_line(said)!r}")
        done = "a second server on the port of the first"
        yield Row(
            "two servers", done, f"the second stops: “{last_line(said)}”; the first answers", judged(server, wrong)
        )


def no_network() -> Iterator[Row]:
    """Other hosts cannot be reached, at once or after long; pages of other sites knock, for which Streamlit asks."""
    with copied() as folder:
        for seconds, how in ((0.0, "fails at once"), (10.0, "hangs for 10 s")):
            with started(folder, seconds_outside=seconds) as server:
                wrong = judged(server)
                start = time.monotonic()
                run(attacks.pages_of_another_site(server.url))
                took = time.monotonic() - start
                wrong = judged(
                    server, [*wrong, *([f"other sites are answered after {took:.1f} s"] if took > 3 else [])]
                )
            done = f"every name and address outside {how}; pages of other sites open connections"
            yield Row("no network", done, "answers, and asks nobody", wrong)


def clock() -> Iterator[Row]:
    """The clock jumps by years, before the start and while it runs."""
    done = f"{YEARS_BACK} years back at the start, put right, and set back again while it runs"
    compiler = shutil.which("cc")
    if not compiler:
        yield Row("clock", done, "no C compiler here", None)
        return
    with copied() as folder:
        flag, library = folder / "back", folder / "clock.so"
        options = [f'-DFLAG="{flag}"', f"-DBACK={YEARS_BACK * 365 * 86_400}L"]
        subprocess.run(
            [compiler, "-shared", "-fPIC", *options, "-x", "c", "-", "-o", str(library), "-ldl"],
            input=CLOCK.encode(), check=True,
        )  # fmt: skip
        flag.touch()
        wrong: tuple[str, ...] = ()
        years = []
        with started(folder, variables={"LD_PRELOAD": str(library)}) as server:
            for change in (None, flag.unlink, flag.touch):
                if change:
                    change()
                wrong = judged(server, wrong)
                time.sleep(2)  # until it looks at the clock again
                years.append(asked(server.url + "/")[1]["date"].split()[3])
        if len(set(years)) < 2:
            wrong = (*wrong, f"its clock stayed in {years}")
        yield Row("clock", done, f"answers, in {', '.join(years)}", wrong)


FAULTS: tuple[Callable[[], Iterator[Row]], ...] = (
    *(nothing, killed, cut_files, read_only, full_disk, locales, two_servers, no_network, clock),
)


def main() -> int:
    """Prints the table; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=[fault.__name__ for fault in FAULTS], action="append")
    options = parser.parse_args()
    print("| fault | what was done | what the server said | right? |\n|---|---|---|---|", flush=True)
    failed = False
    for fault in FAULTS:
        if not options.only or fault.__name__ in options.only:
            for row in fault():
                print(row, flush=True)
                failed = failed or bool(row.wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
