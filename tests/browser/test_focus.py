"""Where the keyboard's focus is can be seen: 3:1 or more between what a control's focus paints and what was there."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.support.screen import turn

# A control of each kind, and what of it is seen where that is not the control itself.
CONTROLS = {
    "/": {
        "page of the app": "[data-testid=stTopNavLink]:not([aria-current])",
        "select box": ".stSidebar .stSelectbox input",
        "choice": ".stSidebar [role=radio][aria-checked=true]",
        "number": ".stSidebar .stTextInput input",
        "slider": ".stSidebar .oce-slider input",
        "expander": ".stSidebar summary",
        "help": ".stSidebar .stTooltipHoverTarget button",
        "link": ".stMain .stPageLink a",
        "term": ".stMain abbr",
        "chart as a picture": ".stMain .oce-chart-save",
    },
    "/compare": {
        "name of an option": ".st-key-options .stTextInput input",
        "device of an option": ".st-key-options .stSelectbox input",
        "button of an option": ".st-key-options [data-testid=stBaseButton-tertiary]:enabled",
        "more of an option": ".st-key-options [data-testid=stPopoverButton]",
        "button": ".stMain [data-testid=stBaseButton-secondary]",
        "limit": ".st-key-targets input",
    },
    "/plan": {
        "link of the index": ".stMain nav.index a",
        "picked": ".stMain .stMultiSelect [data-tag]",
        "multiple choice": ".stMain .stMultiSelect input",
        "tick": ".stMain .stCheckbox input",
    },
    "/learn?step=2": {"switch": ".stMain .stCheckbox input", "slider of Streamlit": ".stMain .stSlider input"},
    "/evidence": {"tab": ".stMain [role=tab][aria-selected=true]", "upload": ".stMain .stFileUploader button"},
}
SEEN = """control => {
    const range = control.type === "range", hidden = control.closest("[style*='clip-path']");
    const seen = !hidden ? control : range ? hidden.parentElement : hidden.nextElementSibling;
    const {x, y, width, height} = seen.getBoundingClientRect();
    return {x, y, width, height, around: range ? 4 * 12 : 2 * (width + height)};  // of a slider, its thumb
}"""


def luminance(picture):
    """Of each pixel of a PNG, as WCAG 2 defines it."""
    share = np.asarray(Image.open(BytesIO(picture)).convert("RGB")) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def is_plain(control):
    """Whether focus on the control changes enough of what is seen around it: half its outline, a pixel wide."""
    control.scroll_into_view_if_needed()
    control.focus()
    box = control.evaluate(SEEN)
    clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
    pictures = []
    for act in ("focus", "blur"):
        control.evaluate(f"control => control.{act}()")
        pictures.append(luminance(control.page.screenshot(clip=clip, caret="hide", animations="disabled")))
    contrast = (np.maximum(*pictures) + 0.05) / (np.minimum(*pictures) + 0.05)
    return int((contrast >= 3).sum()) >= box["around"] / 2


@pytest.mark.parametrize("path", CONTROLS)
def test_the_focus_can_be_seen_in_light_and_dark(open_page, path):
    page = open_page(path).page
    page.keyboard.press("Tab")  # from now on the browser shows the focus of all that gets it
    for scheme in ("light", "dark"):
        turn(page, scheme)
        faint = [
            name
            for name, selector in CONTROLS[path].items()
            if not is_plain(page.locator(selector).locator("visible=true").first)
        ]
        assert faint == []
