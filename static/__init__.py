"""Builds the app as a static site, which runs in the browser on Pyodide: `python -m static` (README.md here)."""
