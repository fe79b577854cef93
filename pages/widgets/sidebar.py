"""The sidebar: your scenario. Every control shows the scenario's fields and, when moved, changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import streamlit as st

from oce import catalog, units
from oce.errors import InputError, NotReadError
from oce.fields import CURRENCY, DEFAULTS, FIELDS
from oce.importers import model_config
from oce.method import footprint_uncertainty, system_power
from oce.method.compute import FLOP_PER_PARAMETER_PER_TOKEN, FLOP_PER_TFLOP, TRAINING_OVER_FORWARD
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.method.training import RECIPES
from oce.reading import number_wanted, read_number
from oce.resolution.conditions import PAPERS_PUE
from pages.server import assets
from pages.session import link, state
from pages.widgets import slider
from pages.widgets.text import plain

OWN = "Your own"
DENSE, EXPERTS, SAMPLES, COMPUTE = "Dense", "MoE", "Samples", "Compute"
CALIBRATED, PUBLISHED = "Calibrated", "As published"
UTILISATION, RATE, ALPHA = "My utilisation", "My measured rate", "My α range"
THROUGHPUTS = {  # the fields that each way of giving the throughput sets
    CALIBRATED: (),
    PUBLISHED: ("throughput",),
    UTILISATION: ("utilisation",),
    RATE: ("tokens_per_second_per_device",),
    ALPHA: ("log10_alpha_low", "log10_alpha_high"),
}
OF_SAMPLES = ("samples", "tokens_per_sample", "forward_flop_per_sample")
PATCHES = 256.0  # of an image of 224 pixels, cut into patches of 14: where the visitor begins
TEACHER_TIMES = 10.0  # of the model's own parameters: where the visitor begins
JOINED = {"server": "In one server or rack", "cluster": "In one cluster", "sites": "Across sites"}
EMBODIED = {"full": "Whole card and server", "paper": "The paper's: bare silicon"}
MOST_OWN_FIRST = (ALPHA, UTILISATION, RATE, PUBLISHED)
ALL_THROUGHPUTS = tuple(name for names in THROUGHPUTS.values() for name in names)
NEWEST_FIRST = ("NVIDIA", "Google", "AMD", "Intel", "AWS", "Huawei", "Cerebras")

NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
SLIDERS = {  # what each slider offers, besides the exact value that was entered
    "parameters": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "active_parameters": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "samples": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "tokens": [n * 10**e for e in range(8, 14) for n in NICE] + [1e14],
    "training_flop": [n * 10**e for e in range(17, 27) for n in NICE] + [1e27],
    "device_count": sorted({2**k for k in range(18)} | {3 * 2**k for k in range(17)}),
}


def show() -> None:
    """Draws every control; the scenario is in `state` afterwards."""
    _keep_to_the_devices_precisions()
    with st.sidebar:
        st.markdown("## Your scenario")
        _model()
        _size()
        _device()
        _count("device_count", "Device count")
        _region()
        _pue()
        _throughput()
        _advanced()


def _keep_to_the_devices_precisions() -> None:
    """Lets go of a precision that the device does not have: the device was changed."""
    precision, offered = state.fields().get("precision"), _precisions()
    if precision is not None and precision not in offered:
        st.toast(f"Precision: {precision} is not offered here, {offered[0]} is used.")
        state.change(("precision",))


# --- controls ---


def _model() -> None:
    presets = {one.id: one for one in catalog.models()}
    now = state.model()
    _set("model", now.id if now else OWN)

    def changed() -> None:
        chosen = st.session_state["model"]
        if chosen != OWN:
            _forget_entries()
            state.replace(link.fields_of(chosen))

    st.selectbox(
        "Model",
        [OWN, *presets] if now is None else list(presets),
        format_func=lambda key: OWN if key == OWN else _preset_label(presets[key]),
        key="model",
        on_change=changed,
        help="Fills in a model that was trained, or an example. Change anything and it becomes your own.",
    )
    if now is not None and now.is_example:
        st.caption("An example, not a published run: its figures are ours.")


def _preset_label(model: catalog.Model) -> str:
    return model.name if model.is_example else f"{model.name} ({model.year})"


def _size() -> None:
    fields = state.fields()
    mode = _size_mode(fields)
    _set("size", mode)
    st.segmented_control(
        "Architecture", [DENSE, EXPERTS, SAMPLES, COMPUTE], key="size", on_change=_size_changed, required=True,
        help="Dense, or MoE (mixture of experts): 6 × active parameters × tokens. Samples: images, clips, proteins. "
        "Compute: the FLOP of the run.",
    )  # fmt: skip
    if mode == SAMPLES:
        _samples()
        return
    if mode == COMPUTE:
        _count("training_flop", "Training compute (FLOP)")
        _count("parameters", "Model size, if known (parameters)", optional=True)
        return
    _count("parameters", "Parameters" if mode == DENSE else "Total parameters")
    if mode == EXPERTS:
        _count("active_parameters", "Active parameters")
    _count("tokens", "Training tokens")


def _size_mode(fields: Mapping[str, float | str]) -> str:
    if "training_flop" in fields:
        return COMPUTE
    return SAMPLES if "samples" in fields else EXPERTS if "active_parameters" in fields else DENSE


def _samples() -> None:
    """Samples, and what one of them takes: patches or tokens through all parameters, or its forward FLOP."""
    by_flop = "forward_flop_per_sample" in state.fields()
    _count("parameters", "Parameters", optional=by_flop)
    _count("samples", "Training samples")
    if by_flop:
        _count("forward_flop_per_sample", "Forward FLOP per sample")
        return
    _count("tokens_per_sample", "Patches or tokens per sample")

    def forward() -> None:
        fields = state.fields()
        each = FLOP_PER_PARAMETER_PER_TOKEN / TRAINING_OVER_FORWARD * float(fields["parameters"])
        flop = _three_digits(each * float(fields["tokens_per_sample"]))
        _forget_entries()
        state.change(("tokens_per_sample", "context_length", "layers", "width"), forward_flop_per_sample=flop)

    st.button(
        "Give FLOP per sample instead", on_click=forward, type="tertiary",
        help="For convolutions and U-Nets, whose parameters see a sample at several sizes.",
    )  # fmt: skip


def _size_changed() -> None:
    """Changes how the compute is given, and keeps what the other way had for when the visitor comes back."""
    fields, kept = state.fields(), st.session_state.setdefault("kept_size", {})
    kept |= {
        name: fields[name] for name in ("parameters", "active_parameters", "tokens", "training_flop") if name in fields
    }
    mode = st.session_state["size"]
    _forget_entries()
    flop, tokens = _work_of(fields)
    if mode == COMPUTE:
        state.change(("active_parameters", "tokens", *OF_SAMPLES), training_flop=_three_digits(flop))
        return
    if mode == SAMPLES:
        parameters = float(fields.get("active_parameters", fields.get("parameters", kept.get("parameters", 1e9))))
        many = tokens or flop / (FLOP_PER_PARAMETER_PER_TOKEN * parameters)
        state.change(
            ("active_parameters", "tokens", "training_flop"),
            parameters=parameters,
            tokens_per_sample=PATCHES,
            samples=_three_digits(max(many / PATCHES, FIELDS["tokens"].low / PATCHES + 1.0)),
        )
        return
    first = link.fields_of(link.FIRST_MODEL)
    parameters = float(fields.get("parameters", kept.get("parameters", first["parameters"])))
    tokens = tokens or kept.get("tokens")
    if not tokens:  # as many as give the compute that was stated
        stated = flop / (FLOP_PER_PARAMETER_PER_TOKEN * parameters)
        tokens = _three_digits(min(max(stated, FIELDS["tokens"].low), FIELDS["tokens"].high))
    active = {"active_parameters": min(float(kept.get("active_parameters", parameters)), parameters)}
    state.change(
        ("training_flop", "active_parameters", *OF_SAMPLES),
        parameters=parameters,
        tokens=tokens,
        **(active if mode == EXPERTS else {}),
    )


def _work_of(fields: Mapping[str, float | str]) -> tuple[float, float]:
    """Compute [FLOP] without attention, and tokens (0: not known) of what the fields say now."""
    tokens = float(fields.get("tokens", 0)) or float(fields.get("samples", 0)) * float(
        fields.get("tokens_per_sample", 0)
    )
    active = float(fields.get("active_parameters", fields.get("parameters", 0)))
    by_samples = (
        TRAINING_OVER_FORWARD * float(fields.get("samples", 0)) * float(fields.get("forward_flop_per_sample", 0))
    )
    stated = float(fields.get("training_flop", 0)) or by_samples
    return stated or FLOP_PER_PARAMETER_PER_TOKEN * active * tokens, tokens


def _device() -> None:
    devices = {one.id: one for one in _devices_by_generation()}
    published = state.fields().get("throughput") == "published"
    _set("device", state.fields().get("device"))

    def label(key: str) -> str:
        one = devices[key]
        return f"{one.generation} · {one.name}" + ("" if one.has_alpha or not published else " (no published α)")

    st.selectbox(
        "Device", list(devices), format_func=label, key="device", on_change=_take("device"), help="Type to search."
    )
    device = devices.get(str(state.fields().get("device")))
    if device and device.unit == "chip":
        cores = f", each with {device.cores_per_chip} cores" if (device.cores_per_chip or 1) > 1 else ""
        st.caption(f"Counted in chips{cores}.")
    if device and device.unit == "GPU" and device.cores_per_chip:
        st.caption(f"Counted in cards: software lists each of its {device.cores_per_chip} dies as a device.")
    if device and device.tdp_w is None:
        _number("power_w", f"Mean power of a {device.name} (W): no TDP is published", step=10.0)


def _region() -> None:
    _set("region", state.fields().get("region"))
    labels = _region_labels()
    st.selectbox(
        "Region", labels, format_func=labels.__getitem__, key="region", on_change=_take("region"),
        placeholder="Choose a region",
        help="Type to search: countries, states and zones, cloud regions, and the paper's own values.",
    )  # fmt: skip


def _pue() -> None:
    fields = state.fields()
    region, device = (
        find(str(fields[name])) if name in fields else None
        for name, find in (("region", catalog.region), ("device", catalog.device))
    )
    usual = PAPERS_PUE if _as_in_paper() else footprint_uncertainty.default_pue(region, device).pue
    _number(
        "pue", "PUE", step=0.01, placeholder=f"{usual:g}, if not given",
        help="Power usage effectiveness: energy of the data centre over that of its IT. Empty: the place's or its "
        "operator's figure, else that of public clouds; with the published throughput or your own α 1.",
    )  # fmt: skip


def _throughput() -> None:
    fields = state.fields()
    now = next((label for label in MOST_OWN_FIRST if any(name in fields for name in THROUGHPUTS[label])), CALIBRATED)
    offered = [
        label
        for label in THROUGHPUTS
        if label != RATE or "tokens" in fields or "tokens_per_sample" in fields or now == RATE
    ]
    _set("throughput", now)
    st.selectbox(
        "Throughput", offered, key="throughput", on_change=_throughput_changed,
        help="How fast a device trains: calibrated on reported runs, as the paper published it, or from what you know.",
    )  # fmt: skip
    held = state.past_runs()
    if now == CALIBRATED and held:
        st.caption(f"With {len(held.used)} past runs of yours (Evidence).")
    if now == ALPHA:
        low, high = st.columns(2)
        with low:
            _number("log10_alpha_low", "log₁₀ α, low", step=1.0)
        with high:
            _number("log10_alpha_high", "log₁₀ α, high", step=1.0)
    elif now == UTILISATION:
        _percent("utilisation", "Utilisation in steady state, MFU (%)", None)
    elif now == RATE:
        _count("tokens_per_second_per_device", "Tokens/s per device, steady state")


def _throughput_changed() -> None:
    """Starts the new way of giving the throughput from where the scenario is: nothing jumps."""
    mode, fields = st.session_state["throughput"], state.fields()
    device = catalog.device(str(fields["device"]))
    new: dict[str, float] = {}
    if mode == PUBLISHED:
        _forget_entries()
        state.change(ALL_THROUGHPUTS, throughput="published")
        return
    if mode == ALPHA:
        low, high = device.log10_alpha_low, device.log10_alpha_high
        new = {"log10_alpha_low": 20.0 if low is None else low, "log10_alpha_high": 50.0 if high is None else high}
    elif mode == UTILISATION:
        new = {"utilisation": 0.4}
    elif mode == RATE:
        active = float(fields.get("active_parameters", fields.get("parameters", 1e9)))
        peak = device.peak_tflops[device.training_precision] * FLOP_PER_TFLOP
        new = {"tokens_per_second_per_device": _three_digits(0.4 * peak / (FLOP_PER_PARAMETER_PER_TOKEN * active))}
    _forget_entries()
    state.change(ALL_THROUGHPUTS, **new)


def _advanced() -> None:
    """What few change: drawn when it is opened, as it costs a third of a run, and open until it is closed."""

    def changed() -> None:
        st.session_state["advanced_open"] = st.session_state["advanced"]

    _set("advanced", st.session_state.get("advanced_open", False))  # Streamlit forgets it with the page
    panel = st.expander("Advanced", key="advanced", on_change=changed)
    if not panel.open:
        return
    with panel:
        _config()
        _level()
        if state.fields().get("training_flop") is None:
            _training()
        _intensity()
        _power()
        _percent("overhead_fraction", "Overhead: failed runs, experiments (%)", 0.0)
        _embodied()
        _price()
        _year()
        _choice("precision", "Precision", _precisions(), lambda name: name)
        _choice("modality", "Modality", FIELDS["modality"].choices, str.capitalize)
        _sequence()
        _many()


def _many() -> None:
    """What decides how many devices are of use, and how few hold the model."""
    _number("batch_tokens", "Global batch (tokens)", step=1e6, placeholder="usual for the compute, if not given")
    _choice("interconnect", "Devices are joined", FIELDS["interconnect"].choices, JOINED.__getitem__)
    usual = RECIPES[str(state.fields().get("training", DEFAULTS["training"]))].bytes
    _number("bytes_per_parameter", "Memory for a parameter (bytes)", step=2.0, placeholder=f"{usual:g}, if not given")


def _training() -> None:
    """What the weights do, and what only matters then."""

    def changed() -> None:
        chosen, fields = st.session_state["training_choice"], state.fields()
        own = float(fields.get("active_parameters", fields.get("parameters", 1e9)))
        teacher = {"teacher_parameters": _three_digits(TEACHER_TIMES * own)} if chosen == "distillation" else {}
        state.change(("teacher_parameters", "rollout_batch"), training=chosen, **teacher)

    kind = state.fields().get("training", DEFAULTS["training"])
    _set("training_choice", kind)
    st.selectbox(
        "Kind of training", FIELDS["training"].choices, key="training_choice", on_change=changed,
        format_func=lambda key: RECIPES[key].label, help=FIELDS["training"].meaning,
    )  # fmt: skip
    if kind == "distillation":
        _count("teacher_parameters", "Teacher's active parameters")
    elif kind == "reinforcement":
        _number("rollout_batch", "Answers that a device writes at once", step=16.0)


def _sequence() -> None:
    """Attention: counted where the length of a sequence is given; depth and width only matter then."""
    if "parameters" not in state.fields() or "training_flop" in state.fields():
        return
    _choice("architecture", "Kind of network", FIELDS["architecture"].choices, str.capitalize)
    _number("context_length", "Context length (tokens)", step=1024.0, placeholder="4,096; attention not counted")
    if "context_length" in state.fields():
        _number("layers", "Layers", step=1.0, placeholder="inferred from the parameters")
        _number("width", "Width", step=128.0, placeholder="inferred from the parameters")


def _config() -> None:
    """A model from its own file, pasted or uploaded: read in the visitor's run, and kept nowhere."""

    def use() -> None:
        uploaded = st.session_state.get("config_file")
        content = uploaded.getvalue() if uploaded is not None else st.session_state.get("config_text", "")
        try:
            found = model_config.read(content)
        except InputError as error:
            st.session_state["config_said"] = (False, str(error))
            return
        _forget_entries()
        dropped = ("training_flop", "active_parameters", "architecture", "layers", "width", *OF_SAMPLES)
        tokens = state.fields().get("tokens", link.fields_of(link.FIRST_MODEL)["tokens"])
        state.change(dropped, **{"tokens": tokens, **found.fields})
        st.session_state["config_said"] = (True, found.sentence)

    with st.popover("From a config.json"):
        st.markdown("The sizes of a Hugging Face model, from its own `config.json`.")
        st.file_uploader("File", type="json", key="config_file", max_upload_size=1)
        st.text_area("Or its content", key="config_text", max_chars=model_config.MOST_BYTES)
        st.button("Use these sizes", key="config_use", on_click=use)
    if "config_said" in st.session_state:
        fine, said = st.session_state["config_said"]
        (st.caption if fine else st.error)(plain(said))


def _price() -> None:
    """The visitor's own price: there is no list of them here."""
    _number("price_per_device_hour", "Price of a device-hour", step=0.1, placeholder="not given")
    if "price_per_device_hour" not in state.fields():
        return
    _set("currency_text", str(state.fields().get("currency", "")))

    def typed() -> None:
        text = st.session_state["currency_text"].strip()
        if not text:
            state.change(("currency",))
        elif CURRENCY.fullmatch(text):
            state.change(currency=text)

    st.text_input("Currency", key="currency_text", on_change=typed, max_chars=8, help=FIELDS["currency"].meaning)


def _level() -> None:
    now = float(state.fields().get("level", DEFAULTS["level"]))
    options = sorted({*CONFIDENCE_LEVELS, now})
    _set("level", now)
    st.segmented_control(
        "Interval", options, key="level", required=True, format_func=lambda level: f"{100 * level:.3g}%",
        on_change=_take("level"), help="The share of runs that the interval is meant to hold.",
    )  # fmt: skip


def _year() -> None:
    now = state.fields().get("year")
    _set("year", None if now is None else int(float(now)))
    st.number_input(
        "Year of training", int(FIELDS["year"].low), int(FIELDS["year"].high), step=1,
        key="year", on_change=_take("year"), placeholder=f"{catalog.data_year()}, if not given",
        help="Runs before 2023 took longer: software has become faster. Empty: that of the data, now.",
    )  # fmt: skip


def _as_in_paper() -> bool:
    fields = state.fields()
    return fields.get("throughput") == "published" or "log10_alpha_low" in fields


def _intensity() -> None:
    fields = state.fields()
    name = "carbon_intensity_g_per_kwh"
    _set("own_intensity", name in fields)

    def changed() -> None:
        region = catalog.region(str(fields["region"])) if "region" in fields else None
        if st.session_state["own_intensity"]:
            state.change(**{name: region.g_per_kwh if region else 400.0})
        elif region:
            state.change((name,))

    st.toggle("My own grid intensity", key="own_intensity", on_change=changed)
    if name in fields:
        _number(name, "Grid intensity (g CO2e/kWh)", step=10.0)


def _embodied() -> None:
    _choice("embodied", "Embodied carbon", FIELDS["embodied"].choices, EMBODIED.__getitem__)
    if state.fields().get("embodied", DEFAULTS["embodied"]) == "full":
        _number("device_life_years", "Life of a device (years)", step=0.5)
        _percent("use_fraction", "Its share of time in use (%)", float(DEFAULTS["use_fraction"]))


def _power() -> None:
    fields = state.fields()
    device = catalog.device(str(fields["device"])) if "device" in fields else None
    if device and device.tdp_w is None:
        return  # asked for where the device is chosen
    metered = None if device is None or _as_in_paper() else system_power.system_power(device.id)
    if "power_w" in fields or device is None:
        _number("power_w", "Mean power of a device (W), without its server", step=10.0)
    else:
        usual = "100" if metered is None else f"{units.significant(metered.power_w)} W with its server"
        _percent("power_fraction", f"Mean power, % of TDP ({device.tdp_w:g} W)", None, f"{usual}, if not given")
    added = "0" if metered is None else units.significant(metered.host_w)
    _number("host_power_w", "What the server adds for a device (W)", step=10.0, placeholder=f"{added}, if not given")


# --- kinds of control ---


def _count(name: str, label: str, optional: bool = False) -> None:
    """A large number: typed exactly, or moved on a logarithmic slider."""
    now = state.fields().get(name, DEFAULTS.get(name))
    now = None if now is None else float(now)
    entry, wrong = f"{name}_entry", f"{name}_wrong"
    if wrong not in st.session_state:
        _set(entry, "" if now is None else units.exact(now))

    def typed() -> None:
        text = st.session_state[entry]
        if optional and not text.strip():
            state.change((name,))
            return
        try:
            found = read_number(name, text)
            FIELDS[name].check(found.value)
        except ValueError as error:
            allowed = number_wanted(name, error) if isinstance(error, NotReadError) else str(error)
            st.session_state[wrong] = f"{label}: “{text[:40]}” cannot be used; allowed: {allowed}"
            return
        value = found.value
        st.session_state.pop(wrong, None)
        st.session_state[f"{name}_note"] = (value, found.note)
        state.change(**{name: value})

    def take(value: float) -> None:
        st.session_state.pop(wrong, None)
        state.change(**{name: value})

    def moved() -> None:
        take(st.session_state[f"{name}_slider"])

    st.text_input(
        label, key=entry, on_change=typed, help=f"{FIELDS[name].meaning}. As 70e9 or 70B; or move the slider."
    )
    grid = SLIDERS.get(name)
    if grid is not None and now is not None:
        # The value that was entered stays on the slider until another is entered, so that moving does not rebuild it.
        extra = f"{name}_extra"
        if now not in grid:
            st.session_state[extra] = now
        options = sorted({*grid, st.session_state.get(extra, now)})
        if assets.served():
            slider.show(f"{label}, slider", name, options, now, take)
        else:
            _set(f"{name}_slider", now)
            st.select_slider(
                f"{label}, slider", options, key=f"{name}_slider", on_change=moved, format_func=units.compact,
                label_visibility="collapsed",
            )  # fmt: skip
    of_value, note = st.session_state.get(f"{name}_note", (None, ""))
    if note and of_value == now:
        st.caption(plain(note))
    if wrong in st.session_state:
        kept = "" if now is None else f" Until then the estimate is for {units.exact(now)}."
        st.error(plain(st.session_state[wrong] + "." + kept))


def _number(name: str, label: str, step: float, help: str | None = None, placeholder: str | None = None) -> None:
    field = FIELDS[name]
    now = state.fields().get(name, DEFAULTS.get(name))
    _set(f"{name}_number", None if now is None else float(now))
    least = float(field.low + (step if field.above else 0))
    st.number_input(
        label, min_value=min(least, least if now is None else float(now)), max_value=float(field.high), step=step,
        key=f"{name}_number", on_change=_take(name, f"{name}_number"), help=help or field.meaning,
        placeholder=placeholder,
    )  # fmt: skip


def _percent(name: str, label: str, default: float | None, placeholder: str | None = None) -> None:
    field = FIELDS[name]
    now = state.fields().get(name, default)
    key = f"{name}_percent"
    _set(key, None if now is None else round(100 * float(now), 10))

    def changed() -> None:
        if st.session_state[key] is not None:
            state.change(**{name: st.session_state[key] / 100})
        elif default is None:
            state.change((name,))

    least = 1.0 if field.above else 0.0
    st.number_input(
        label, min_value=min(least, st.session_state[key] or least), max_value=100.0 * field.high, step=5.0,
        key=key, on_change=changed, help=field.meaning, placeholder=placeholder,
    )  # fmt: skip


def _choice(name: str, label: str, options: Sequence[str], shown: Callable[[str], str]) -> None:
    now = state.fields().get(name, DEFAULTS.get(name, options[0]))
    key = f"{name}_choice"
    _set(key, now)
    st.selectbox(label, options, key=key, format_func=shown, on_change=_take(name, key), help=FIELDS[name].meaning)


def _take(name: str, key: str | None = None) -> Callable[[], None]:
    """The callback of a control whose value is the field."""

    def changed() -> None:
        value = st.session_state[key or name]
        if value is None:
            state.change((name,))
        else:
            state.change(**{name: value})

    return changed


def _set(key: str, value: object) -> None:
    """Shows `value` in a control, unless it does already: setting it anew would disturb one that is being moved."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _forget_entries() -> None:
    """Drops texts that could not be read: their fields were just given by other means."""
    for key in [key for key in st.session_state if str(key).endswith("_wrong")]:
        del st.session_state[key]


# --- what is offered ---


def _precisions() -> Sequence[str]:
    """The precisions of the chosen device, its usual one for training first."""
    name = state.fields().get("device")
    if name is None:
        return FIELDS["precision"].choices
    device = catalog.device(str(name))
    return (device.training_precision, *(one for one in device.peak_tflops if one != device.training_precision))


@cache
def _devices_by_generation() -> tuple[catalog.Device, ...]:
    """The generations in use first: newest first within a vendor."""
    newest = {one.generation: 0 for one in catalog.devices()}
    for one in catalog.devices():
        newest[one.generation] = max(newest[one.generation], one.year or 0)
    return tuple(
        sorted(
            catalog.devices(),
            key=lambda one: (
                NEWEST_FIRST.index(one.vendor),
                -newest[one.generation],
                one.generation,
                not one.has_alpha,
            ),
        )
    )


@cache
def _region_labels() -> dict[str, str]:
    kinds = ("country", "world", "cloud", "subnational", "paper")
    regions = sorted(catalog.regions(), key=lambda one: (kinds.index(one.kind), one.name))
    return {one.id: f"{one.name} · {one.g_per_kwh:.0f} g/kWh" for one in regions}


def _three_digits(value: float) -> float:
    return float(f"{value:.3g}")
