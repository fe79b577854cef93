"""A slider of our own for large numbers: it reports while it is dragged, where Streamlit's does on release (slider.js).

Only where serve.py runs the app; elsewhere the sidebar takes `st.select_slider`.
"""

import json
from collections.abc import Callable, Sequence

from oce import units
from oce.catalog.caches import cached
from pages.session import keys, link, preview_query, state
from pages.widgets.element import element


def show(label: str, name: str, options: Sequence[float], now: float, on_move: Callable[[float], None]) -> None:
    """The slider, standing at `now`.

    Args:
        label: Its name for a screen reader.
        name: The field of the scenario that it changes.
        options: The positions.
        now: The position where it stands.
        on_move: Called with a position that it was moved to, before the page runs.
    """
    key, seen = keys.slider(name), keys.slider_seen(name)

    def moved() -> None:
        move = key.get().moved
        if move is None:
            return
        seen.set(move["number"])
        on_move(options[max(0, min(int(move["index"]), len(options) - 1))])
        if not move["done"]:
            state.dragging()

    positions = _positions(tuple(options))
    live, parameter = preview_query.moved(name)
    own = {"label": label, "name": name, "index": options.index(now), "seen": seen.get()}
    data = json.dumps(own | {"live": live, "parameter": parameter})[:-1] + ", " + positions
    element("slider")(key=key.name, data=data.encode(), on_moved_change=moved)


@cached(most=64)
def _positions(options: tuple[float, ...]) -> str:
    """The end of the JSON: each position as it is shown and as it stands in a link."""
    return json.dumps({"labels": list(map(units.compact, options)), "values": list(map(link.text_of, options))})[1:]
