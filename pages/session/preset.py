"""What of the scenario is a preset's and not the visitor's: its place, count, PUE and year, until it is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from oce import catalog
from oce.errors import InputError
from oce.fields import FIELDS
from pages.session import keys, link, state

# What a preset says of its run besides the model itself.
OF_RUN = ("device_count", "device", "region", "pue", "year", "precision", "context_length", "batch_tokens")
IN_SIGHT = ("device", "region")  # without them there is no estimate
PARAMETER = "preset"  # of a preview: what is the preset's, as the page that it is for has it


@dataclass(frozen=True)
class FromPreset:
    """The fields of a scenario that a preset gave and nobody confirmed."""

    model: catalog.Model
    names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """``From Llama 3 70B's preset: 16,384 devices, H100 SXM, United States, PUE 1.08, year 2024``."""
        return f"From {self.model.name}'s preset: {', '.join(map(self._in_words, self.names))}"

    def rows(self) -> list[list[str]]:
        """A row of the table of assumptions for each: what it is, its value, where it comes from, and of which year."""
        return [
            [FIELDS[name].label, self._value(name), self._source(name), str(self.model.year)] for name in self.names
        ]

    def _value(self, name: str) -> str:
        value = link.fields_of(self.model.id)[name]
        return f"{float(value):,.0f}" if name == "device_count" else link.entered(name, value)

    def _in_words(self, name: str) -> str:
        unit = {
            "device_count": " devices",
            "context_length": " tokens of context",
            "batch_tokens": " tokens in a batch",
        }
        before = {"pue": "PUE ", "year": "year "}
        return f"{before.get(name, '')}{self._value(name)}{unit.get(name, '')}"

    def _source(self, name: str) -> str:
        said = self.model.pue_source if name == "pue" else ""
        return f"from {self.model.name}'s preset" + (f" ({said})" if said else "")


def begin(model: str) -> None:
    """Makes a preset the scenario; nothing of it is the visitor's."""
    state.replace(link.fields_of(model))
    keys.PRESET.set(model)
    keys.CONFIRMED.set(frozenset())


def held() -> FromPreset | None:
    """What of the visitor's scenario is a preset's; ``None`` where nothing is."""
    return _found(keys.PRESET.get(), state.fields(), keys.CONFIRMED.get())


def of_link(parameters: Mapping[str, str], fields: Mapping[str, float | str]) -> FromPreset | None:
    """What is a preset's of the scenario of a link: what it does not say itself; or as a preview's query says."""
    if PARAMETER in parameters:
        model, *names = parameters[PARAMETER].split("~")
        return _found(model, fields, frozenset(OF_RUN) - set(names))
    model, given = link.origin(parameters, fields)
    return _found(model, fields, given)


def as_parameter() -> str:
    """What of the visitor's scenario is a preset's, as a parameter of a preview."""
    found = held()
    return "~".join((found.model.id, *found.names)) if found else "none"


def _found(model: str, fields: Mapping[str, float | str], confirmed: frozenset[str]) -> FromPreset | None:
    if not model:
        return None
    try:
        preset, own = catalog.model(model), link.fields_of(model)
    except InputError:
        return None
    names = tuple(name for name in OF_RUN if name in own and fields.get(name) == own[name] and name not in confirmed)
    return FromPreset(preset, names) if names else None


def let_go(found: FromPreset) -> None:
    """Takes what is usual for what is a preset's: its PUE, year and count; device and place stay, as confirmed."""
    gone = tuple(name for name in found.names if name not in IN_SIGHT)
    rest = {name: value for name, value in state.fields().items() if name not in gone}
    state.replace(rest | (state.usual_count(rest) if "device_count" in gone else {}))
    state.confirm()
