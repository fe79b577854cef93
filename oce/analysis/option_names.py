"""Names for options that nobody named: how many of what, where; and what else tells them apart."""

from collections import Counter
from collections.abc import Mapping, Sequence

from oce import catalog, descriptions, units
from oce.catalog import Region
from oce.catalog.caches import cached
from oce.catalog.region_table import OWN_FIGURE
from oce.estimation import Estimate, Named
from oce.fields import FIELDS
from oce.scenario import Scenario

WITH_ARTICLE = ("Netherlands", "Philippines", "European Union (EU-27)", "World", "Bahamas", "Maldives", "Seychelles")
SIZE = ("training_flop", "parameters", "active_parameters", "tokens", "samples")  # what model is trained


def names(results: Sequence[Estimate]) -> tuple[str, ...]:
    """A name for every option: ``1,024 A100 SXM4 80GB in Ireland``.

    Where the options train different models, the model stands before it; where two would be called alike, the fields
    that differ stand behind it. Two that are the same in all have the same name.
    """
    found = [option(result) for result in results]
    if len({_size(result.scenario) for result in results}) > 1:
        found = [f"{model(result)} on {name}" for result, name in zip(results, found, strict=True)]
    called = Counter(found)
    alike = {name: [one for one, own in zip(results, found, strict=True) if own == name] for name in called}
    return tuple(
        ", ".join([name, *_differs(result, alike[name])]) if called[name] > 1 else name
        for result, name in zip(results, found, strict=True)
    )


def short(named: Named) -> tuple[str, ...]:
    """Each option's name beside the others': its device, where its name has that and no other option runs on it."""
    devices = [result.device.name if result.device else "" for _, result in named]
    return tuple(
        device if device and device in name and devices.count(device) == 1 else name
        for (name, _), device in zip(named, devices, strict=True)
    )


def option(result: Estimate) -> str:
    """How many of what, where: ``1,024 A100 SXM4 80GB in Ireland``, ``8 H100 SXM at 384 g/kWh``."""
    return f"{descriptions.how_many(result)} {where(result)}"


def where(result: Estimate) -> str:
    """``in Ireland``, ``in N. Virginia (AWS)``; ``at 384 g/kWh`` where the grid was given as a number."""
    if result.region is None or result.scenario.carbon_intensity_g_per_kwh is not None:
        return f"at {units.significant(float(result.inputs.carbon_intensity_g_per_kwh))} g/kWh"
    place = place_name(result.region)
    article = place.startswith("United ") or place.endswith((" Islands", " Republic")) or place in WITH_ARTICLE
    return f"in {'the ' if article else ''}{place}"


def place_name(region: Region) -> str:
    """A region's name in a sentence: of a cloud region the place, and whose it is."""
    name = region.name
    if region.kind != "cloud" or not name.endswith(")"):
        return name
    provider, place = name.split()[0], name[name.index("(") + 1 : -1]
    if region.id.endswith(OWN_FIGURE):
        place, _, figure = place.rpartition(", ")
        return f"{place} ({figure})"
    return f"{place} ({provider})"


def model(result: Estimate) -> str:
    """What is trained: the name of the catalogue's model of that size, else its size."""
    run = result.scenario
    known = _models_by_size().get(_size(run))
    if known:
        return known
    if run.parameters is None:
        return f"{units.scientific(result.training_flop.central)} FLOP"
    tokens = f" ({units.compact(run.tokens)} tokens)" if run.tokens else ""
    return f"{units.compact(run.parameters)} model{tokens}"


def trained(result: Estimate) -> str:
    """What is trained, in a sentence: the name of the catalogue's model of that size, else ``a 13B model``."""
    run = result.scenario
    known = _models_by_size().get(_size(run))
    if known or run.parameters is None:
        return known or "a model"
    number = units.compact(run.parameters)
    spoken_with_vowel = number.startswith("8") or number.rstrip("KMBT").split(".")[0] in ("11", "18")
    return f"{'an' if spoken_with_vowel else 'a'} {number} model"


@cached
def _models_by_size() -> Mapping[tuple[object, ...], str]:
    return {_size(Scenario(**one.fields)): one.name for one in reversed(catalog.models())}


def _size(run: Scenario) -> tuple[object, ...]:
    return tuple(getattr(run, name) for name in SIZE)


def _differs(result: Estimate, alike: Sequence[Estimate]) -> list[str]:
    """The fields of an option that not all of its name have alike."""
    runs = [one.scenario for one in alike]
    differing = [name for name in FIELDS if len({getattr(run, name) for run in runs}) > 1]
    values = {name: getattr(result.scenario, name) for name in differing}
    return [
        f"{FIELDS[name].label} {descriptions.entered(value)}" for name, value in values.items() if value is not None
    ]
