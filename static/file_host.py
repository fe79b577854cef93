"""Tells the app that a host of files shows it (pages/server/host.py); imported before anything of the app."""

import os

os.environ["OPENCARBONEVAL_PAGE_ENDING"] = ".html"  # such a host knows its pages by their whole names
