"""What a client takes is what it gets."""

import pytest

from pages.server import encodings

BEST = next(iter(encodings.EACH))


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip", "gzip"),
        ("GZIP, deflate", "gzip"),
        ("gzip;q=0", ""),
        ("gzip; q=0.0", ""),
        ("", ""),
        ("identity", ""),
        ("*", BEST),
        ("*;q=0", ""),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=rubbish", ""),
        ("gzip, deflate, br, zstd", BEST),
        ("gzip;q=1, *;q=0", "gzip"),
    ],
)
def test_the_best_encoding_that_is_taken(header, encoding):
    assert encodings.taken(header) == encoding


def test_each_encoding_is_for_files_and_for_pages():
    assert list(encodings.ONCE) == list(encodings.EACH)
