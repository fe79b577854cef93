"""No other host is asked for anything.

Streamlit 1.67 asks checkip.amazonaws.com for the address of this machine when a page of another site opens a
WebSocket, in the thread that talks with all browsers: where nothing answers, everything stands still for two seconds
each time. (It asks at its start too, unless `browser.serverAddress` is set: .streamlit/config.toml.)
"""

from streamlit import net_util


def _unknown() -> None:
    """This machine's address, which nobody has to know: a page of ours is told by its Host."""


def ask_none() -> None:
    """Has Streamlit ask nobody, from now on."""
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown
