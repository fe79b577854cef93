"""The names of the catalogue that are most like an unknown name."""

from collections.abc import Mapping

from oce.near_names import near_names


def nearest(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """What is called most like ``name``, at most three; ``known`` says what each name or alias stands for."""
    return tuple(dict.fromkeys(known[alias] for alias in near_names(name, list(known), most=6)))[:3]
