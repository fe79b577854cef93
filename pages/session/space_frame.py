"""The page around the app: a Hugging Face Space shows it in a frame and keeps the address bar to itself."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

SPACES = "https://huggingface.co"
# The same for every scenario, so that pages/server/content_policy.py can allow it by its digest.
SCRIPT = f"""
  for (const told of document.querySelectorAll("[data-oce-link]")) {{
    const around = window.location.ancestorOrigins?.[0] ?? document.referrer;
    if (window.parent !== window && around.startsWith("{SPACES}"))
      window.parent.postMessage({{ queryString: told.dataset.oceLink }}, "{SPACES}");
  }}
"""


def tell(parameters: Mapping[str, str]) -> None:
    """Asks Hugging Face's page, if that is the one around us, to put the scenario into its address bar.

    The message is the one Spaces listen to (hub docs, "Handle URL parameters"); any other page around us gets none.
    """
    told = escape(urlencode(parameters))
    st.html(f'<span hidden data-oce-link="{told}"></span><script>{SCRIPT}</script>', unsafe_allow_javascript=True)
