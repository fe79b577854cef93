"""Compression of what is sent, by what the client takes (RFC 9110, Accept-Encoding)."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

Compress = Callable[[bytes], bytes]

# The best first: of files, which are packed once, and of pages, which are packed for each link.
ONCE: Mapping[str, Compress] = {"gzip": lambda body: gzip.compress(body, 9, mtime=0)}
EACH: Mapping[str, Compress] = {"gzip": lambda body: gzip.compress(body, 5, mtime=0)}


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
    wanted = {name: weights.get(name, weights.get("*", 0.0)) for name in ONCE}
    best = max(wanted, key=lambda name: wanted[name])  # of those alike, the first
    return best if wanted[best] > 0 else ""
