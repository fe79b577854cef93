"""The Dockerfile's own steps, done without Docker: another user, an empty home folder, no network."""

import os
import re
import subprocess
import sys

from oce import catalog, descriptions, estimate, units
from tests.support.app_server import ROOT
from tests.support.like_a_space import instructions


def test_the_app_of_the_dockerfile_answers_by_itself_and_in_a_frame():
    command = [sys.executable, "-m", "tests.support.like_a_space"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert (
        units.typeset(descriptions.headline(estimate(catalog.model("llama-3-70b").scenario()), "Llama 3 70B"))
        in done.stdout
    )
    if os.geteuid() == 0:
        assert done.stdout.startswith("As uid 1000,")


def test_a_dockerfile_is_read_with_its_comments_and_long_lines():
    text = '# about\nENV A=1 \\\n    B=2\n\n# more\nCMD ["x"]\n'
    assert list(instructions(text)) == [("ENV", "A=1 B=2"), ("CMD", '["x"]')]


def test_the_image_is_of_one_version_of_python_and_carries_its_licence():
    steps = list(instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", steps[0][1])
    assert any(name == "COPY" and "LICENSE" in rest.split() for name, rest in steps)
    assert "!LICENSE" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
