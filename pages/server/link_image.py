"""The answer of a link as a picture, for previews of it elsewhere; drawn by Pillow, which comes with Streamlit."""

import textwrap
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from pages.server import front_end
from pages.server.first_answer import FirstAnswer
from pages.server.first_document import FONTS, IMAGE_HEIGHT, IMAGE_WIDTH
from pages.session import site
from pages.widgets.style import theme

EDGE = 64  # pixels of the margin
MOST_LINES, MOST_LETTERS = 4, 30  # of the headline, and of a word before it is cut in two
HEADLINE, FIGURE, WORDS = 44, 46, 24  # sizes of the type, pixels
MOST_IN_FIGURE = 22  # characters of a figure's label, unit or interval


@cache
def font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A font of the app, at a size in pixels and a weight."""
    found = ImageFont.truetype(BytesIO(front_end.font(name).read_bytes()), size)
    axes = [weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in found.get_variation_axes()]
    found.set_variation_by_axes([float(one) for one in axes])
    return found


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A text in lines that are no wider than `width`, in pixels; what does not fit is left out."""
    lines = [""]
    for word in (part for one in text.split() for part in textwrap.wrap(one, MOST_LETTERS)):
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            lines[-1] = longer
        elif len(lines) == MOST_LINES:
            lines[-1] += " …"
            break
        else:
            lines.append(word)
    return lines


def draw(answer: FirstAnswer) -> bytes:
    """The headline and the figures as a PNG."""
    colours, (sans, serif) = theme("light"), FONTS
    picture = Image.new("RGB", (IMAGE_WIDTH, IMAGE_HEIGHT), colours["backgroundColor"])
    pen, ink, line = ImageDraw.Draw(picture), colours["textColor"], colours["borderColor"]
    pen.rectangle((0, 0, IMAGE_WIDTH, 14), fill=colours["primaryColor"])
    pen.text((EDGE, 50), site.NAME, ink, font(sans, WORDS, 600))
    said = wrapped(answer.headline, font(serif, HEADLINE, 600), IMAGE_WIDTH - 2 * EDGE)
    pen.multiline_text((EDGE, 104), "\n".join(said), ink, font(serif, HEADLINE, 600), spacing=14)
    top, width = 398, (IMAGE_WIDTH - 2 * EDGE) // 4
    pen.line((EDGE, top, IMAGE_WIDTH - EDGE, top), ink, 3)
    for at, one in enumerate(answer.figures[:4]):
        left = EDGE + at * width
        if at:
            pen.line((left - 12, top + 18, left - 12, top + 148), line, 2)
        pen.text((left, top + 20), one.label[:MOST_IN_FIGURE], ink, font(sans, WORDS, 400))
        pen.text((left, top + 48), one.value[:MOST_IN_FIGURE], ink, font(serif, FIGURE, 600))
        beside = left + pen.textlength(one.value[:MOST_IN_FIGURE], font(serif, FIGURE, 600)) + 10
        pen.text((beside, top + 70), one.unit[:MOST_IN_FIGURE], ink, font(sans, WORDS, 400))
        pen.text((left, top + 114), one.beneath[:MOST_IN_FIGURE], ink, font(sans, WORDS, 400))
    pen.line((EDGE, top + 166, IMAGE_WIDTH - EDGE, top + 166), line, 2)
    pen.text((EDGE, top + 184), site.ABOUT, ink, font(sans, 21, 400))
    written = BytesIO()
    picture.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()
