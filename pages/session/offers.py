"""An offer in one line, as people write it: "1,024 A100 in Ireland" is a number of devices, a device and a place."""

import re
from dataclasses import dataclass

from oce import catalog
from oce.errors import InputError, Problem
from pages.session import link

ALLOWED = "a number of devices, a device and a place, as 1,024 A100 in Ireland; number or place may be left out"
MOST_CHARACTERS = 200
_COUNT = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d.,']*k?)(?:\s*[x×*]\s*|\s+)(?=\S)", re.IGNORECASE)
_BEFORE_PLACE = re.compile(r"\s+(?:in|at)\s+|\s*[,;@(]\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """An offer; what it leaves out is empty."""

    device: str  # an id
    count: str = ""  # as in a link
    region: str = ""  # an id
    notes: tuple[str, ...] = ()  # what was taken for what

    @property
    def changes(self) -> dict[str, str]:
        """The fields that it gives, by their names."""
        given = {"device": self.device, "device_count": self.count, "region": self.region}
        return {name: text for name, text in given.items() if text}


def read(text: str) -> Offer:
    """The offer that a line gives.

    Raises:
        InputError: Where no device is named, or number, device or place are none.
    """
    line = " ".join(text.replace("·", ",").split())[:MOST_CHARACTERS]
    counted = _COUNT.match(line)
    number, rest = (counted[1], line[counted.end() :]) if counted else ("", line)
    device_text, region_text = _parts(rest)
    if not device_text:
        raise InputError([Problem("offer", text[:60], ALLOWED)])
    problems: list[Problem] = []
    notes: list[str] = []
    count, device, region = "", "", ""
    try:
        count = link.text_of(link.number_of("device_count", number).value) if number else ""
    except InputError as error:
        problems += error.problems
    try:
        named = catalog.find_device(device_text)
        device = named.device.id
        notes.append(named.note)
        if named.count and count:
            allowed = f"the number alone, or {device_text} alone, which is {named.count} devices"
            problems.append(Problem("offer", f"{number} {device_text}"[:60], allowed))
        count = count or (str(named.count) if named.count else "")
    except InputError as error:
        problems += error.problems
    try:
        if region_text:
            place = catalog.find_region(region_text)
            region = place.region.id
            notes.append(place.note)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return Offer(device, count, region, tuple(filter(None, notes)))


def _parts(rest: str) -> tuple[str, str]:
    """The words for the device and those for the place: by what stands between them, else by what they can mean."""
    device, *place = _BEFORE_PLACE.split(f" {rest}", maxsplit=1)
    if place:
        return device.strip(), place[0].strip(" )")
    if _is_device(rest, exactly=True):  # SXM is a country too
        return rest, ""
    words = rest.split(" ")
    for exactly in (True, False):
        for number in range(len(words) - 1, 0, -1):
            name, where = " ".join(words[:number]), " ".join(words[number:])
            if _is_device(name, exactly) and _is_region(where):
                return name, where
    return rest, ""


def _is_device(name: str, exactly: bool) -> bool:
    try:
        return not (catalog.device_named(name).note and exactly)
    except InputError:
        return False


def _is_region(name: str) -> bool:
    try:
        return bool(catalog.region(name))
    except InputError:
        return False
