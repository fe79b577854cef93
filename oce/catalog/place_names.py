"""What people and clouds call a place: a spelling without accents and punctuation, and its parts.

``Quebec, Canada``, ``New York, NY``, ``Europe (Frankfurt)``. Pure text; :mod:`oce.catalog` knows the places.
"""

import re
import unicodedata

MOST_CHARACTERS = 100
MOST_COMMAS = 3
CLOUD_AREAS = {  # how AWS names the areas of its regions, and how their codes start
    **{"us": "us-", "eu": "eu-", "europe": "eu-", "asia pacific": "ap-", "canada": "ca-", "south america": "sa-"},
    **{"middle east": "me-", "africa": "af-", "israel": "il-", "mexico": "mx-", "aws govcloud": "us-gov-"},
}


def key(name: str) -> str:
    """A place's name without case, accents and punctuation: ``Île-de-France`` is ``ile de france``."""
    text = unicodedata.normalize("NFKD", name[:MOST_CHARACTERS].replace("&", " and ")).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", text.replace("'", "").replace("’", ""))
    return " ".join(words).removeprefix("the ")


def parts(name: str) -> tuple[str, str] | None:
    """``New York, NY`` or ``China (Beijing)`` as a place and what it lies in; ``None`` where a name has no parts."""
    text = name[:MOST_CHARACTERS].strip()
    bracketed = re.fullmatch(r"([^()]+?) ?\(([^()]+)\)", text)
    if bracketed:
        return bracketed[2].strip(), bracketed[1].strip()
    place, comma, within = text.rpartition(",")
    if not comma or not place.strip() or not within.strip() or text.count(",") > MOST_COMMAS:
        return None
    return place.strip(), within.strip()


def cloud_area(name: str) -> tuple[str, str] | None:
    """``US East (N. Virginia)`` as how the codes of its area start and the place; ``None`` where it is no such name."""
    found = re.fullmatch(r"(?:AWS |Amazon )?([A-Za-z -]+?) ?\(([^()]+)\)", name[:MOST_CHARACTERS].strip(), re.I)
    if not found:
        return None
    area = key(found[1])
    start = next((code for words, code in CLOUD_AREAS.items() if f"{area} ".startswith(f"{words} ")), None)
    return (start, key(found[2])) if start else None
