"""The colours and symbols that the figures share.

No colour of ink or paper is set here: the page's theme does that, in light and dark.
"""

from collections.abc import Mapping, Sequence

from oce.catalog import Device

# Okabe and Ito's palette, which people with any colour vision can tell apart, darkened or lightened a little so that
# every colour has a contrast of 3:1 on the light and on the dark ground.
BLUE, ORANGE, GREEN, VERMILION = "#2A86C7", "#C98500", "#0A9472", "#D0602B"
SKY, PURPLE, GREY, OLIVE = "#3E9BC4", "#B8679A", "#808785", "#8F8A1E"
OPERATIONAL, EMBODIED, TOTAL = BLUE, ORANGE, GREEN
REFERENCE = GREY

GENERATION_COLOURS: Mapping[str, str] = {
    "Kepler": GREY,
    "Maxwell": GREY,
    "Pascal": OLIVE,
    "Volta": PURPLE,
    "Turing": OLIVE,
    "Ampere": ORANGE,
    "Ada": SKY,
    "Hopper": BLUE,
    "Blackwell": VERMILION,
}
VENDOR_COLOURS: Mapping[str, str] = {"Google": GREEN, "AMD": VERMILION, "Huawei": PURPLE, "Cerebras": OLIVE}
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down", "pentagon", "hexagon")


def device_colour(device: Device | None) -> str:
    """The colour of a device in every chart: that of its generation, or of its vendor outside NVIDIA."""
    if device is None:
        return GREEN
    generation = next((name for name in GENERATION_COLOURS if device.generation.startswith(name)), "")
    return VENDOR_COLOURS.get(device.vendor) or GENERATION_COLOURS.get(generation, GREY)


FADED = 0.5  # opacity of what is not of the scenario's device


def faded(colours: Sequence[str], device: Device | None) -> list[float]:
    """The opacity of marks of these colours: those of the device stand out, where there are any."""
    own = device_colour(device) if device else ""
    return [1.0 if own not in colours or colour == own else FADED for colour in colours]


def faint(colour: str, opacity: float) -> str:
    """A colour for areas."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
