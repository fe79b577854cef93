"""A pack holds the files it was made of, and the same files make the same pack."""

import gzip
import json
import struct

from hypothesis import given
from hypothesis import strategies as st

from static.packs import FIRST, pack_of, packed

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
