"""The terms of the field, each explained where it stands: on hover, on touch, and by keyboard."""

import re
from collections.abc import Collection, Mapping

MEANINGS: Mapping[str, str] = {
    "token": "A piece of text, about three quarters of an English word: what a language model reads and writes.",
    "parameter": "A number of the model that training sets; also called a weight.",
    "FLOP": "A floating-point operation, such as one multiplication: the unit in which compute is counted.",
    "TFLOP/s": "A trillion (10¹²) floating-point operations per second: the speed of a device.",
    "TDP": "Thermal design power: the most that a device's cooling is built to carry off, in watts.",
    "PUE": "Power usage effectiveness: the energy of a data centre over that of its computing equipment alone. "
    "1 is the least.",
    "MFU": "Model FLOP utilisation: the speed of training over the peak that the vendor states.",
    "device-hour": "One device in use for one hour: 1,000 devices for a day are 24,000 device-hours.",
    "operational": "From the electricity that the run uses.",
    "embodied": "From making the chips and servers: the share of their life that the run takes.",
    "α": "How fast a device is in the paper: after t seconds it does f(t) = ln(1 + αt) TFLOP/s.",
}
OF_SCIENCE = (
    "FLOP",
    "TFLOP/s",
    "TDP",
    "PUE",
    "MFU",
    "α",
)  # explained beside charts too, which have them again and again
_WORDS = "|".join(
    re.escape(term) + ("" if term in ("TFLOP/s", "α") else "s?") for term in sorted(MEANINGS, key=len)[::-1]
)
_TERM = re.compile(rf"(?<![\w₀])({_WORDS})(?![\w/-])", re.IGNORECASE)
_PIECES = re.compile(r"(<[^>]*>|&[#\w]+;)")  # tags and escaped signs: what stands between is text


def explained(text: str, terms: Collection[str] = MEANINGS) -> str:
    """HTML with the first of each of the terms as an abbreviation that has its meaning."""
    seen: set[str] = set()

    def marked(found: re.Match[str]) -> str:
        word, term = found[0], _term(found[0])
        if term not in terms or term in seen:
            return word
        seen.add(term)
        return f"<abbr tabindex='0' title='{MEANINGS[term].replace(chr(39), '&#39;')}'>{word}</abbr>"

    pieces = _PIECES.split(text)
    return "".join(piece if number % 2 else _TERM.sub(marked, piece) for number, piece in enumerate(pieces))


def with_meanings(help: str, label: str = "") -> str:
    """The help of a control as Markdown, with the meaning of each term in it or in the label that it does not give."""
    terms = dict.fromkeys(filter(None, (_term(found[0]) for found in _TERM.finditer(f"{label} {help}"))))
    lacking = [term for term in terms if MEANINGS[term].partition(":")[0].lower() not in help.lower()]
    return "\n\n".join([help, *(f"{term[:1].upper()}{term[1:]}: {MEANINGS[term]}" for term in lacking)])


def _term(word: str) -> str:
    """The term that a word of a text is; empty where it is none."""
    return next((one for one in (word, word.removesuffix("s"), word.lower().removesuffix("s")) if one in MEANINGS), "")
