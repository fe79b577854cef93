"""The names most like one that is not known: what to offer whoever mistyped it."""

import difflib
import heapq
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

MOST_COMPARED = 12  # names that share most with the one sought: only these are compared letter by letter


def near_names(name: str, names: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """The names most like ``name``, at most ``most`` of them, whatever their case."""
    return _near_names(name[:80].casefold(), tuple(names), most)


def nearest(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """What is called most like ``name``, at most three; ``known`` says what each name or alias stands for."""
    return tuple(dict.fromkeys(known[alias] for alias in near_names(name, list(known), most=6)))[:3]


@lru_cache(maxsize=1024)
def _near_names(sought: str, names: tuple[str, ...], most: int) -> tuple[str, ...]:
    pairs, first = _pairs_of(sought), sought.split()[:1]
    shared = [(2 * len(pairs & own) / (len(pairs) + len(own) or 1), fold) for fold, own in _folded(names)[1]]
    likeliest = [fold for share, fold in heapq.nlargest(MOST_COMPARED, shared) if share > 0]
    close = difflib.get_close_matches(sought, likeliest, 4 * most, 0.4)
    close.sort(key=lambda fold: fold.split()[:1] != first)  # "A100 XSM" is meant to be some A100
    return tuple(_folded(names)[0][fold] for fold in close[:most])


@lru_cache(maxsize=32)
def _folded(names: tuple[str, ...]) -> tuple[dict[str, str], list[tuple[str, frozenset[str]]]]:
    """The names by their case-folded form, and the pairs of characters in each."""
    by_fold = {candidate.casefold(): candidate for candidate in names}
    return by_fold, [(fold, _pairs_of(fold)) for fold in by_fold]


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text))) | frozenset(text)
