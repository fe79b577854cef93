"""`python -m static`: builds dist/."""

import sys
import time

from streamlit.logger import set_log_level

import static.file_host  # noqa: F401 - before the app
from static.build import DIST, build
from static.fetch import FetchError


def main() -> None:
    """Builds the site, and says how large it is."""
    set_log_level("ERROR")  # of the pages that are run here it warns that they are in no browser
    began = time.monotonic()
    try:
        done = build()
    except FetchError as error:
        sys.exit(f"static: {error}")
    size = sum(path.stat().st_size for path in DIST.rglob("*") if path.is_file())
    how = f"built in {time.monotonic() - began:.0f} s" if done else "is as the sources are"
    print(f"{DIST} {how}: {size / 1e6:.0f} MB. Serve it: python -m http.server --directory dist")


if __name__ == "__main__":
    main()
