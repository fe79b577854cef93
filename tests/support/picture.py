"""Makes docs/explore.png, the picture in the README, from the real app: `python -m tests.support.picture`."""

from playwright.sync_api import sync_playwright

from tests.support.app_server import ROOT, app_server
from tests.support.screen import new_screen, picture, started_browser

PICTURE = ROOT / "docs" / "explore.png"


def main() -> None:
    """Opens the app as a first visitor with a laptop does, and keeps what is in the window."""
    with app_server() as url, sync_playwright() as playwright:
        browser = started_browser(playwright)
        screen = new_screen(browser, url, width=1280, height=800, scheme="light")
        screen.go("/")
        shot, complaints = picture(screen.page), screen.complaints
        browser.close()
    if complaints:
        raise SystemExit("\n".join(["the app is not fit for a picture:", *complaints]))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(shot)
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
