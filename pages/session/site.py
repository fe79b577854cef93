"""The pages of the app by their addresses, and what the site is called; light, as the server needs it at once."""

from collections.abc import Mapping

NAME = "OpenCarbonEval explorer"
ABOUT = "Carbon, time and energy of training a large AI model, predicted before it is trained, with an interval."
FIRST = "explore"  # which the app opens with, at the bare address
PAGES: Mapping[str, str] = {
    "explore": "Explore",
    "compare": "Compare",
    "plan": "Plan",
    "lifetime": "Lifetime",
    "scaling": "Scaling",
    "landscape": "Landscape",
    "evidence": "Evidence",
    "learn": "Learn",
    "data": "Data",
}
