"""Which model: a known, trained model, the visitor's own, or what its config.json says."""

import streamlit as st

from oce import catalog
from oce.errors import InputError
from oce.importers import model_config
from pages.session import controls, edited, keys, link, preset, state
from pages.widgets import number_entry
from pages.widgets.sidebar.size import OF_SAMPLES
from pages.widgets.text import escape_markdown

OWN = "Your own"


def show() -> None:
    """The model that was trained, or that it is the visitor's own."""
    presets = {model.id: model for model in catalog.models()}
    labels = {key: model.name if model.is_example else f"{model.name} ({model.year})" for key, model in presets.items()}
    now = edited.model()
    controls.show(keys.MODEL.name, now.id if now else OWN)

    def changed() -> None:
        chosen = keys.MODEL.get()
        if chosen != OWN:
            number_entry.forget_wrong()
            edited.begin(chosen)

    st.selectbox(
        "Model",
        [OWN, *presets] if now is None else list(presets),
        format_func=lambda key: labels.get(key, OWN),
        key=keys.MODEL.name,
        on_change=changed,
        help="Fills in a model that was trained, or an example. Change anything and it becomes your own.",
    )
    if now is not None and now.is_example:
        st.caption("An example, not a published run: its figures are ours.")


def show_taken_over() -> None:
    """What of a preset is still in a scenario that is the preset no more, to be kept or let go of.

    It stands below what it speaks of, so that no slider moves away under the finger when it appears.
    """
    found = preset.held()
    if found is None or edited.option() or edited.model() is not None:
        return
    st.caption(escape_markdown(f"{found.sentence}."))
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Keep", key="preset_keep", on_click=state.confirm, args=(found.names,),
            help="Takes them for yours.",
        )  # fmt: skip
        if set(found.names) - set(preset.IN_SIGHT):
            st.button(
                "Use what is usual", key="preset_let_go", on_click=preset.let_go, args=(found,),
                help="Another model's count, PUE and year give way to the usual ones; device and region stay.",
            )  # fmt: skip


def show_config() -> None:
    """A model from its own file, pasted or uploaded: read in the visitor's run, and kept nowhere."""

    def use() -> None:
        uploaded = keys.CONFIG_FILE.get()
        content = uploaded.getvalue() if uploaded is not None else keys.CONFIG_TEXT.get()
        try:
            found = model_config.read(content)
        except InputError as error:
            keys.CONFIG_SAID.set((False, str(error)))
            return
        number_entry.forget_wrong()
        dropped = ("training_flop", "active_parameters", "architecture", "layers", "width", *OF_SAMPLES)
        tokens = edited.fields().get("tokens", link.fields_of(link.FIRST_MODEL)["tokens"])
        edited.change(dropped, **{"tokens": tokens, **found.fields})
        keys.CONFIG_SAID.set((True, found.sentence))

    with st.popover("From a config.json"):
        st.markdown("The sizes of a Hugging Face model, from its own `config.json`.")
        st.file_uploader("File", type="json", key=keys.CONFIG_FILE.name, max_upload_size=1)
        st.text_area("Or its content", key=keys.CONFIG_TEXT.name, max_chars=model_config.MOST_BYTES)
        st.button("Use these sizes", key="config_use", on_click=use)
    fine, said = keys.CONFIG_SAID.get()
    if said:
        (st.caption if fine else st.error)(escape_markdown(said))
