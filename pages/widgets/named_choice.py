"""A device or a region: chosen from a list, or typed by any name, city or code and found by the catalogue."""

from collections.abc import Callable, Mapping

import streamlit as st

from oce import catalog
from oce.catalog.caches import cached
from oce.catalog.grid_basis import basis_of
from oce.catalog.search import REGION_KINDS
from oce.errors import InputError
from pages.session import controls, keys
from pages.widgets.text import escape_markdown

Take = Callable[[str | None, float | None], None]  # the id, and how many of it the name that was typed stands for
Find = Callable[[str], tuple[str, float | None, str]]  # a text's id, count and note; raises InputError

NEWEST_FIRST = ("NVIDIA", "Google", "AMD", "Intel", "AWS", "Huawei", "Cerebras")
OF_PAPER = "Reproduce the paper"  # the group of what stands for no card and no place of today, at the end


def show_device(key: str, now: str | None, take: Take, published: bool = False) -> None:
    """The device, its family first and then which variant of it; ``published`` marks those without an α."""
    labels = device_labels()
    device = None if now is None else catalog.device(now)
    family = None if device is None else catalog.family_of(device)
    shown = now if family is None or device in family.of_paper else family.usual.id

    def label(name: str) -> str:
        without = published and name in labels and not catalog.device(name).has_alpha
        return labels.get(name, name) + (" (no published α)" if without else "")

    def find(text: str) -> tuple[str, float | None, str]:
        named = catalog.find_device(text)
        variants = "; the others are below" if len(catalog.family_of(named.device).variants) > 1 and named.note else ""
        return named.device.id, named.count, named.note + variants

    _show(
        "Device", key, labels, label, shown, find, take,
        "Type a name and press Enter: as its maker, a driver or a cloud calls it.", told=now,
    )  # fmt: skip
    if family is None or device not in family.variants or len(family.variants) == 1:
        return
    names = {variant.id: variant.name for variant in family.variants}
    which = f"{key}_variant"
    controls.show(which, now)
    st.selectbox(
        f"Which {family.name}", list(names), format_func=names.__getitem__, key=which,
        on_change=lambda: take(st.session_state[which], None),
    )  # fmt: skip


def show_region(key: str, now: str | None, take: Take) -> None:
    """The region: countries first, the paper's own values last."""
    labels = region_labels()

    def find(text: str) -> tuple[str, float | None, str]:
        named = catalog.find_region(text)
        return named.region.id, None, named.note

    _show(
        "Region", key, labels, lambda name: labels.get(name, name), now, find, take,
        "Type a country in any language, a state, a city or a cloud's code, and press Enter.",
    )  # fmt: skip


def _show(
    name: str,
    key: str,
    options: Mapping[str, str],
    label: Callable[[str], str],
    now: str | None,
    find: Find,
    take: Take,
    help: str,
    told: str | None = None,
) -> None:
    """The list with its search, and below it what a text was taken for, or why it is none of the list."""
    controls.show(key, now)
    note, missing = keys.entry_note(key), keys.not_found(key)

    def chosen() -> None:
        text = st.session_state[key]
        missing.forget()
        if text is None or text in options:
            st.session_state[key] = text  # an id that was typed gives way to its label
            take(text, None)
            return
        try:
            found, count, said = find(text)
        except InputError as error:
            missing.set((text[:60], error.problems[0].near))
            return
        note.set((found, said))
        take(found, count)

    st.selectbox(
        name, list(options), format_func=label, key=key, on_change=chosen, help=help, filter_mode="contains",
        accept_new_options=True, placeholder=f"Choose a {name.lower()}",
    )  # fmt: skip
    of_value, said = note.get()
    if said and of_value == (told or now):
        st.caption(escape_markdown(said[:1].upper() + said[1:] + "."))
    text, near = missing.get()
    if not text:
        return
    stays = f"; {label(now)} stays" if now else ""
    st.error(escape_markdown(f"{name}: “{text}” is not known here{stays}." + (" Nearest:" if near else "")))

    def nearest(other: str) -> None:
        missing.forget()
        take(find(other)[0], None)

    with st.container(horizontal=True):
        for other in near:
            st.button(other, key=f"{key}-near-{other}", on_click=nearest, args=(other,))


@cached
def device_labels() -> Mapping[str, str]:
    """The devices to choose from: each family once, the generations in use first, and those of the paper last."""
    newest: dict[str, int] = {}
    for device in catalog.devices():
        newest[device.generation] = max(newest.get(device.generation, 0), device.year or 0)

    def order(family: catalog.Family) -> tuple[int, int, str, bool]:
        device = family.usual
        vendor, generation = NEWEST_FIRST.index(device.vendor), device.generation
        return vendor, -newest[generation], generation, not device.has_alpha

    families = sorted(catalog.families(), key=order)
    named = {
        family.usual.id: f"{family.usual.generation} · {family.name if len(family.variants) > 1 else family.usual.name}"
        for family in families
    }
    return named | {device.id: f"{OF_PAPER} · {device.name}" for family in families for device in family.of_paper}


@cached
def region_labels() -> Mapping[str, str]:
    """The regions to choose from, with their intensity and what it counts: countries first, the paper's values last."""
    found = sorted(catalog.regions(), key=lambda region: (REGION_KINDS.index(region.kind), region.name))
    return {region.id: f"{_region_name(region)} · {basis_of(region).with_amount(region.g_per_kwh)}" for region in found}


def _region_name(region: catalog.Region) -> str:
    return f"{OF_PAPER} · {region.name.removeprefix('Paper: ')}" if region.kind == "paper" else region.name
