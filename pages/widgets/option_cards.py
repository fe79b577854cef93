"""The options of Compare as cards, each edited where it stands; and the ways to add one."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from oce import catalog, descriptions
from oce.catalog.caches import cached
from oce.errors import InputError
from oce.fields import FIELDS, NUMBER_FIELDS
from pages.session import after_run, compared_options, compared_scenarios, controls, keys
from pages.session.compared_scenarios import HARDWARE, MOST, Compared, Entry
from pages.session.link import Fields
from pages.widgets import named_choice
from pages.widgets.text import escape_markdown

YOURS = "Your scenario, in the sidebar"
MOST_SHOWN = 3  # fields beside device, number and place that a card names
LABELS = {"name": "Name", "device": "Device", "device_count": "Number", "region": "Place"}  # on a card
CHOSEN = "#"  # before an id that was chosen: a100 may be typed too, and is then what is meant by the name
OTHERS = tuple(name for name in FIELDS if name not in HARDWARE)  # under More


def show(found: Compared) -> None:
    """The cards of the options that are compared, and the ways to add another."""
    own, options, numbers = compared_options.own(), compared_options.entries(), compared_options.numbers()
    names = iter(found.names)
    st.markdown("## The options")
    with st.container(key="options"):
        for at, (number, entry) in enumerate(zip(numbers, options, strict=True)):
            with st.container(border=True, key=f"option_{number}"):
                name = entry.called(own) if at in found.refused else next(names)
                _card(number, at, entry, own, name, len(options))
                if at in found.refused:
                    st.error(escape_markdown(f"No estimate: {found.refused[at]}"))
    _ways_to_add(own, len(options) >= MOST)
    after_run.show()


def _card(number: int, at: int, entry: Entry, own: Fields, name: str, many: int) -> None:
    """One option of so many: its name, on what it runs and where, and what is done with it."""
    fields, full, alone = entry.fields(own), many >= MOST, many < 2
    option = f"option {at + 1}"
    with st.container(key=f"option_fields_{number}"):
        _text(number, "name", option.capitalize(), name)
        _named(number, "device", fields, _device_labels())
        _text(number, "device_count", LABELS["device_count"], _entered(fields, "device_count"))
        _named(number, "region", fields, named_choice.region_labels())
    _told(number, ("name", *HARDWARE))
    st.caption(escape_markdown(_rests_on(entry)))
    with st.container(horizontal=True, key=f"option_actions_{number}"):
        _button("Earlier", option, number, lambda: _moved(number, "earlier", -1), disabled=alone)
        _button("Later", option, number, lambda: _moved(number, "later", 1), disabled=alone)
        _button("Copy", option, number, lambda: _copied(entry), disabled=full)
        _button("Remove", option, number, lambda: _removed(number), disabled=alone)
        more = st.popover(
            f"More :gray[of {option}]", key=keys.option_more(str(number)).name, type="tertiary", on_change="rerun"
        )
        if more.open:
            with more:
                _more(number, entry, fields)


def _more(number: int, entry: Entry, fields: Fields) -> None:
    """What an option starts from, and every other field of it."""
    models = {"": YOURS, **{model.id: model.name for model in catalog.models()}}
    key = keys.option_entry(f"{number}_model").name
    controls.show(key, entry.model)
    st.selectbox(
        "Starts from", list(models), format_func=models.__getitem__, key=key,
        on_change=lambda: compared_options.based_on(number, st.session_state[key]),
    )  # fmt: skip
    st.button(
        "Drop what this card sets", key=f"option_follow_{number}", disabled=not entry.changes,
        on_click=compared_options.follow, args=(number,),
        help="It is then again what it starts from.",
    )  # fmt: skip
    st.caption("Type a number as 70e9, 70B or 2 kW. Empty is not given.")
    with st.container(key=f"option_more_fields_{number}"):
        for name in OTHERS:
            field = FIELDS[name]
            if field.choices:
                _choice(number, name, field.label, fields, {choice: choice for choice in field.choices})
            else:
                unit = f" ({field.unit})" if field.unit and field.unit != field.label.lower() else ""
                _text(number, name, f"{field.label}{unit}", _entered(fields, name))
            _told(number, (name,))


def _text(number: int, name: str, label: str, now: str) -> None:
    """A field of an option that is typed; what cannot be used stays as it was typed."""
    key = keys.option_entry(f"{number}_{name}").name
    if not compared_options.wrong(number, name):
        controls.show(key, now)
    st.text_input(
        label, key=key,
        on_change=lambda: compared_options.change(number, name, st.session_state[key] or ""),
    )  # fmt: skip


def _named(number: int, name: str, fields: Fields, labels: Mapping[str, str]) -> None:
    """A device or a place: chosen, or typed by any name and found by the catalogue."""
    key = keys.option_entry(f"{number}_{name}").name
    now = fields.get(name)
    if not compared_options.wrong(number, name):
        controls.show(key, None if now is None else f"{CHOSEN}{now}")

    def changed() -> None:
        text = st.session_state[key] or ""
        compared_options.change(number, name, text.removeprefix(CHOSEN), is_id=text.startswith(CHOSEN))

    st.selectbox(
        LABELS[name], [f"{CHOSEN}{one}" for one in labels], key=key, on_change=changed, filter_mode="contains",
        format_func=lambda one: labels.get(one.removeprefix(CHOSEN), one), accept_new_options=True,
        placeholder="Choose",
    )  # fmt: skip


def _choice(number: int, name: str, label: str, fields: Fields, labels: Mapping[str, str]) -> None:
    """A field of an option that is chosen."""
    key = keys.option_entry(f"{number}_{name}").name
    controls.show(key, fields.get(name))
    st.selectbox(
        label, labels, format_func=labels.__getitem__, key=key, placeholder="Choose",
        on_change=lambda: compared_options.change(number, name, st.session_state[key] or ""),
    )  # fmt: skip


def _entered(fields: Fields, name: str) -> str:
    """A field as one would enter it; a number as short as it can be."""
    value = fields.get(name)
    return descriptions.entered(float(value) if value is not None and name in NUMBER_FIELDS else value)


def _told(number: int, names: Sequence[str]) -> None:
    """Says which of the texts that were entered cannot be used, and what was taken for what."""
    for name in names:
        if noted := compared_options.note(number, name):
            st.caption(escape_markdown(f"{noted[:1].upper()}{noted[1:]}."))
        if said := compared_options.wrong(number, name):
            label = LABELS.get(name) or FIELDS[name].label
            st.error(escape_markdown(f"{label}: {said} Until then it stays as it was."))


def _button(word: str, option: str, number: int, pressed: Callable[[], None], disabled: bool) -> None:
    """What is done with an option; which one is said to those who do not see the card around it (style.css)."""
    st.button(
        f"{word} :gray[{option}]", key=f"option_{word.lower()}_{number}", on_click=pressed, disabled=disabled,
        type="tertiary",
    )  # fmt: skip


def _rests_on(entry: Entry) -> str:
    """What an option has from elsewhere, and what else its card sets."""
    if entry.follows:
        left = [LABELS[name].lower() for name in HARDWARE if name not in entry.changes]
        base = "From the sidebar: " + ("all of it" if len(left) == len(HARDWARE) else ", ".join(["model", *left]))
    else:
        base = f"From {catalog.model(entry.model).name}'s run"
    others = [(FIELDS[name].label, text or "not given") for name, text in entry.changes.items() if name not in HARDWARE]
    said = [base, *(f"{label} {text}" for label, text in others[:MOST_SHOWN])]
    more = len(others) - MOST_SHOWN
    return " · ".join(said) + (f" · {more} more" if more > 0 else "")


def _copied(entry: Entry) -> None:
    name = f"{entry.name}, copy"[:40] if entry.name else ""
    compared_options.add(Entry(entry.changes, entry.model, name))


def _moved(number: int, way: str, by: int) -> None:
    compared_options.move(number, by)
    after_run.ask(f"option_{way}_{number}")


def _removed(number: int) -> None:
    """Takes an option away; the focus goes to the option in its place."""
    held = compared_options.numbers()
    compared_options.remove(number)
    left = compared_options.numbers()
    after_run.ask(f"option_remove_{left[min(held.index(number), len(left) - 1)]}")


def _ways_to_add(own: Fields, full: bool) -> None:
    """An offer in one line, a model that was trained, your scenario."""
    models = {model.id: model.name for model in catalog.models()}

    def offered() -> None:
        line = keys.OFFER.get()
        if not line.strip():
            keys.OFFER_SAID.forget()
            return
        try:
            entry, notes = compared_scenarios.of_offer(line, own)
        except InputError as error:
            keys.OFFER_SAID.set((False, str(error)))
            return
        compared_options.add(entry)
        keys.OFFER.set("")
        keys.OFFER_SAID.set((True, "; ".join(notes)))

    def model_chosen() -> None:
        chosen = keys.ADDED_MODEL.get()
        if chosen:
            compared_options.add(Entry(model=chosen))
        keys.ADDED_MODEL.set(None)

    with st.container(horizontal=True, vertical_alignment="bottom", key="options_add"):
        st.text_input(
            "Add an offer", key=keys.OFFER.name, placeholder="1,024 A100 in Ireland", on_change=offered, disabled=full,
            help="How many of which device, and where; Enter adds it. The rest is as in your scenario.",
        )  # fmt: skip
        st.selectbox(
            "Add a trained model", list(models), index=None, format_func=models.__getitem__,
            key=keys.ADDED_MODEL.name, placeholder="Choose a model", on_change=model_chosen, disabled=full,
        )  # fmt: skip
        st.button(
            "Add your scenario", on_click=lambda: compared_options.add(compared_scenarios.snapshot(own)), disabled=full,
            help="As it is now: later changes in the sidebar leave it alone.",
        )  # fmt: skip
    fine, said = keys.OFFER_SAID.get()
    if said and fine:
        st.caption(escape_markdown(said + "."))
    elif said:
        st.error(escape_markdown(f"Not added: {said}."))
    if full:
        st.caption(f"{MOST} options are the most.")


@cached
def _device_labels() -> dict[str, str]:
    """Every device by its name: in the order of the families, and the paper's own last."""
    names: dict[str, str] = {}
    for first in named_choice.device_labels():
        family = catalog.family_of(catalog.device(first))
        names |= {variant.id: variant.name for variant in family.variants if first not in names}
    return names | {device.id: device.name for device in catalog.devices() if device.id not in names}
