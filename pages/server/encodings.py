"""Compression of what is sent, by what the client takes (RFC 9110, Accept-Encoding)."""

import gzip
from collections.abc import Callable, Mapping

import brotli

Compress = Callable[[bytes], bytes]

# Of what is sent once: a tenth of a millisecond.
AT_ONCE: Mapping[str, Compress] = {
    "br": lambda body: brotli.compress(body, quality=3),
    "gzip": lambda body: gzip.compress(body, 1, mtime=0),
}
# The best first.
QUICK: Mapping[str, Compress] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 5, mtime=0),
}
# Of what stays: four times the time. Brotli's 11 takes 8 s for plotly.js, and a tenth less; zstd's 19 2 s, and 5 %
# less, but fewer browsers take it.
SMALL: Mapping[str, Compress] = {
    "br": lambda body: brotli.compress(body, quality=9, lgwin=24),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


def taken(header: str) -> str:
    """The best encoding that a client takes, of ours; empty where it takes none.

    Args:
        header: Its Accept-Encoding: ``gzip, br;q=0.5, zstd;q=0``.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(",")[:20]:
        name, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if parameter else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    wanted = {name: weights.get(name, weights.get("*", 0.0)) for name in QUICK}
    best = max(wanted, key=lambda name: wanted[name])  # of those alike, the first
    return best if wanted[best] > 0 else ""
