"""What few change: drawn when it is opened, as it costs a third of a run."""

import streamlit as st

from oce import catalog, units
from oce.fields import CURRENCY, DEFAULTS, FIELDS
from oce.method import system_power
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.method.training import RECIPES
from pages.session import controls, edited, keys
from pages.widgets import number_entry
from pages.widgets.number_entry import three_digits
from pages.widgets.sidebar import hardware, model

TEACHER_TIMES = 10.0  # of the model's own parameters: where the visitor begins
JOINED = {"server": "In one server or rack", "cluster": "In one cluster", "sites": "Across sites"}
EMBODIED = {"full": "Whole card and server", "paper": "The paper's: bare silicon"}


def show() -> None:
    """What few change: drawn when it is opened, as it costs a third of a run, and open until it is closed."""

    def changed() -> None:
        keys.ADVANCED_OPEN.set(keys.ADVANCED.get())

    controls.show(keys.ADVANCED.name, keys.ADVANCED_OPEN.get())  # Streamlit forgets it with the page
    panel = st.expander("Advanced", key=keys.ADVANCED.name, on_change=changed)
    if not panel.open:
        return
    with panel:
        model.show_config()
        _level()
        if edited.fields().get("training_flop") is None:
            _training()
        _intensity()
        _power()
        number_entry.percent("overhead_fraction", "Overhead: failed runs, experiments (%)")
        _embodied()
        _price()
        _year()
        number_entry.choice("precision", "Precision", hardware.precisions(), lambda name: name)
        number_entry.choice("modality", "Modality", FIELDS["modality"].choices, str.capitalize)
        _sequence()
        _many()


def _many() -> None:
    """What decides how many devices are of use, and how few hold the model."""
    number_entry.number("batch_tokens", "Global batch (tokens)", placeholder="usual for the compute, if not given")
    number_entry.choice("interconnect", "Devices are joined", FIELDS["interconnect"].choices, JOINED.__getitem__)
    usual = RECIPES[str(edited.fields().get("training", DEFAULTS["training"]))].bytes
    number_entry.number("bytes_per_parameter", "Memory for a parameter (bytes)", placeholder=f"{usual:g}, if not given")


def _training() -> None:
    """What the weights do, and what only matters then."""

    def changed() -> None:
        chosen, fields = keys.TRAINING.get(), edited.fields()
        own = float(fields.get("active_parameters", fields.get("parameters", 1e9)))
        teacher = {"teacher_parameters": three_digits(TEACHER_TIMES * own)} if chosen == "distillation" else {}
        edited.change(("teacher_parameters", "rollout_batch"), training=chosen, **teacher)

    kind = edited.fields().get("training", DEFAULTS["training"])
    controls.show(keys.TRAINING.name, kind)
    st.selectbox(
        "Kind of training", FIELDS["training"].choices, key=keys.TRAINING.name, on_change=changed,
        format_func=lambda key: RECIPES[key].label, help=FIELDS["training"].meaning,
    )  # fmt: skip
    if kind == "distillation":
        number_entry.large("teacher_parameters", "Teacher's active parameters")
    elif kind == "reinforcement":
        number_entry.number("rollout_batch", "Answers that a device writes at once")


def _sequence() -> None:
    """Attention: counted where the length of a sequence is given; depth and width only matter then."""
    if "parameters" not in edited.fields() or "training_flop" in edited.fields():
        return
    number_entry.choice("architecture", "Kind of network", FIELDS["architecture"].choices, str.capitalize)
    number_entry.number("context_length", "Context length (tokens)", placeholder="4,096; attention not counted")
    if "context_length" in edited.fields():
        number_entry.number("layers", "Layers", placeholder="inferred from the parameters")
        number_entry.number("width", "Width", placeholder="inferred from the parameters")


def _price() -> None:
    """The visitor's own price: there is no list of them here."""
    number_entry.number("price_per_device_hour", "Price of a device-hour", placeholder="not given")
    if "price_per_device_hour" not in edited.fields():
        return
    controls.show(keys.CURRENCY.name, str(edited.fields().get("currency", "")))

    def typed() -> None:
        text = keys.CURRENCY.get().strip()
        if not text:
            edited.change(("currency",))
        elif CURRENCY.fullmatch(text):
            edited.change(currency=text)

    st.text_input("Currency", key=keys.CURRENCY.name, on_change=typed, max_chars=8, help=FIELDS["currency"].meaning)


def _level() -> None:
    now = float(edited.fields().get("level", DEFAULTS["level"]))
    options = sorted({*CONFIDENCE_LEVELS, now})
    keep = controls.keep_in_field("level", "level", now)
    st.segmented_control(
        "Interval", options, key="level", required=True, format_func=lambda level: f"{100 * level:.3g}%",
        on_change=keep, help="The share of runs that the interval is meant to hold.",
    )  # fmt: skip


def _year() -> None:
    number_entry.number(
        "year", "Year of training", placeholder=f"{catalog.data_year()}, if not given",
        help="Runs before 2023 took longer: software has become faster. Empty: that of the data, now.",
    )  # fmt: skip


def _intensity() -> None:
    fields = edited.fields()
    name = "carbon_intensity_g_per_kwh"
    controls.show(keys.OWN_INTENSITY.name, name in fields)

    def changed() -> None:
        region = catalog.region(str(fields["region"])) if "region" in fields else None
        if keys.OWN_INTENSITY.get():
            edited.change(**{name: region.g_per_kwh if region else 400.0})
        elif region:
            edited.change((name,))

    st.toggle("My own grid intensity", key=keys.OWN_INTENSITY.name, on_change=changed)
    if name in fields:
        number_entry.number(name, "Grid intensity (g CO₂e/kWh)")


def _embodied() -> None:
    number_entry.choice("embodied", "Embodied carbon", FIELDS["embodied"].choices, EMBODIED.__getitem__)
    if edited.fields().get("embodied", DEFAULTS["embodied"]) == "full":
        number_entry.number("device_life_years", "Life of a device (years)")
        number_entry.percent("use_fraction", "Its share of time in use (%)")


def _power() -> None:
    device = hardware.chosen_device()
    if device and device.tdp_w is None:
        return  # asked for where the device is chosen
    metered = None if device is None or hardware.as_in_paper() else system_power.system_power(device.id)
    if "power_w" in edited.fields() or device is None:
        number_entry.number("power_w", "Mean power of a device (W), without its server")
    else:
        usual = "100" if metered is None else f"{units.significant(metered.power_w)} W with its server"
        number_entry.percent("power_fraction", f"Mean power, % of TDP ({device.tdp_w:g} W)", f"{usual}, if not given")
    added = "0" if metered is None else units.significant(metered.host_w)
    number_entry.number("host_power_w", "What the server adds for a device (W)", placeholder=f"{added}, if not given")
