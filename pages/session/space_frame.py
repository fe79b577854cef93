"""The page around the app: a Hugging Face Space shows it in a frame and keeps the address bar to itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

SPACES = "https://huggingface.co"


def tell(parameters: Mapping[str, str]) -> None:
    """Asks Hugging Face's page, if that is the one around us, to put the scenario into its address bar.

    The message is the one Spaces listen to (hub docs, "Handle URL parameters"); any other page around us gets none.
    """
    message = json.dumps({"queryString": urlencode(parameters)}).replace("<", "\\u003c")
    st.html(
        f"""<script>{{
          const around = window.location.ancestorOrigins?.[0] ?? document.referrer;
          if (window.parent !== window && around.startsWith("{SPACES}"))
            window.parent.postMessage({message}, "{SPACES}");
        }}</script>""",
        unsafe_allow_javascript=True,
    )
