"""What a client takes is what it gets."""

import gzip

import brotli
import pytest

from pages.server import encodings

BEST = next(iter(encodings.QUICK))


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
        ("gzip, br;q=0", "gzip"),
        ("gzip, br;q=0.5", "gzip"),
        ("br", "br"),
    ],
)
def test_the_best_encoding_that_is_taken(header, encoding):
    assert encodings.taken(header) == encoding


@pytest.mark.parametrize("of", [encodings.SMALL, encodings.QUICK])
def test_what_is_packed_is_given_back_by_another_program(of):
    body = b"the same words again and again, " * 1000
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    for name, compress in of.items():
        packed = compress(body)
        assert unpack[name](packed) == body
        assert len(packed) < len(body) / 50


def test_each_encoding_has_a_quick_and_a_small_form():
    assert list(encodings.SMALL) == list(encodings.QUICK)
