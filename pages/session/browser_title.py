"""What the browser's title says of a page and its scenario."""

from collections.abc import Mapping

from oce import catalog, units
from oce.errors import InputError
from oce.fields import FIELDS
from pages.session import link, site

NAMED = ("parameters", "tokens", "device", "device_count", "region")  # in every name of a scenario
MOST = 80  # characters for what else a link gives


def of_page(page: str, headline: str, fields: Mapping[str, float | str]) -> str:
    """The browser's title: the sentence that a page answers with, else its name and the scenario.

    Args:
        page: The address of the page; empty for the first.
        headline: The sentence; empty where the page's heading is the same for every scenario.
        fields: Those of the scenario, from :func:`pages.session.link.from_parameters`.
    """
    return f"{headline or f'{site.PAGES[page or site.FIRST]}: {called(fields)}'} · {site.NAME}"


def called(fields: Mapping[str, float | str]) -> str:
    """A scenario in a few words: ``Llama 3 70B on 16,384 H100 SXM, United States``."""
    model = link.model_of(fields)
    size = [f"{units.exact(float(fields[name]))} {name}" for name in ("parameters", "tokens") if name in fields]
    what = model.name if model else ", ".join(size) or "your model"
    try:
        device = f" on {_counted(fields)}{catalog.device(str(fields['device'])).name}" if "device" in fields else ""
        place = f", {catalog.region(str(fields['region'])).name}" if "region" in fields else ""
    except InputError:
        return what
    others = {} if model else {name: text for name, text in link.to_parameters(fields).items() if name not in NAMED}
    return what + device + place + "".join(f", {FIELDS[name].label} {text}" for name, text in others.items())[:MOST]


def _counted(fields: Mapping[str, float | str]) -> str:
    return f"{float(fields['device_count']):,.0f} " if "device_count" in fields else ""
