"""A pack holds the files it was made of, and the same files make the same pack."""

import gzip
import io
import json
import struct
import sys
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from static.browser.later import LIBRARY, NAMES_OF_REST, REST, SITE, BringPack
from static.packs import FIRST, STANDARD, by_need, pack_of, packed

FILES = st.lists(st.tuples(st.text(min_size=1), st.binary(max_size=50)), max_size=6)


def unpacked(pack):
    """As static/web/worker.js does it."""
    whole = gzip.decompress(pack)
    (size,) = struct.unpack_from("<I", whole)
    at, files = 4 + size, []
    for name, length in json.loads(whole[4:at]):
        files.append((name, whole[at : at + length]))
        at += length
    assert at == len(whole)
    return files


@given(FILES)
def test_a_pack_gives_its_files_back(files):
    assert unpacked(packed(files)) == files
    assert packed(files) == packed(files)


def test_a_file_is_in_the_pack_of_the_innermost_package_that_comes_later():
    packs = {
        "numpy/random/mtrand.py": FIRST,
        "numpy/f2py/__init__.py": "scipy",
        "numpy/linalg/__init__.py": FIRST,
        "scipy/special/_ufuncs.so": "scipy",
        "scipy.libs/libopenblas.so": "scipy",
        "scipy-1.18.0.dist-info/METADATA": FIRST,
        "six.py": "pandas",
        "typing_extensions.py": FIRST,
    }
    assert {path: pack_of(path) for path in packs} == packs


def test_what_the_first_page_loaded_comes_first_and_the_rest_by_its_names(tmp_path):
    files = {
        FIRST: [
            "a/__init__.pyc",
            "a/used.pyc",
            "a/idle.cpython-314.so",
            "a/data.txt",
            "b/__init__.pyc",
            "b/more/data.txt",
        ],
        STANDARD: ["enum.pyc", "xml/__init__.pyc", "xml/idle.pyc", "pyodide/idle.pyc", "read.me"],
    }
    for pack, names in files.items():
        for name in names:
            (tmp_path / pack / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / pack / name).write_text(name)
    loaded = [f"{SITE}/a/__init__.pyc", f"{SITE}/a/used.pyc", f"{LIBRARY}/enum.py", f"{LIBRARY}/xml/__init__.py"]
    found = by_need(tmp_path, [*loaded, "/app/app.py"])
    first = dict(unpacked(found.first))
    assert first.pop(NAMES_OF_REST).split() == [b"a.idle", b"b", b"xml.idle"]
    assert list(first) == ["a/__init__.pyc", "a/data.txt", "a/used.pyc"]
    assert [name for name, _ in unpacked(found.rest)] == [
        *("a/idle.cpython-314.so", "b/__init__.pyc", "b/more/data.txt", "xml/idle.pyc")
    ]
    with ZipFile(io.BytesIO(found.library)) as library:
        assert library.namelist() == ["enum.pyc", "pyodide/idle.pyc", "xml/__init__.pyc"]


def test_a_module_of_the_rest_is_brought_once_when_it_is_imported(tmp_path):
    brought = []

    def bring(pack):
        brought.append(pack)
        for name in ("one", "other"):
            (tmp_path / f"{name}_of_rest.py").write_text(f"{name} = 1", encoding="utf-8")

    finder = BringPack(bring, ["one_of_rest", "other_of_rest"])
    sys.meta_path.append(finder)
    sys.path.append(str(tmp_path))
    try:
        assert finder.find_spec("no_module_at_all") is None
        assert brought == []
        import one_of_rest
        import other_of_rest
    finally:
        sys.path.remove(str(tmp_path))
        sys.meta_path.remove(finder)
    assert (one_of_rest.one, other_of_rest.other, brought) == (1, 1, [REST])
