"""What the server answers over HTTP."""

from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlsplit


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers by their names in small letters, and body, whatever the status; no redirect is followed.

    Args:
        url: With its path and query.
        method: GET, HEAD.
        headers: Of the request: ``Accept_Encoding="gzip"``.
    """
    whole = urlsplit(url)
    connection = HTTPConnection(whole.netloc, timeout=30)
    connection.request(
        method, url.partition(whole.netloc)[2], headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): text for name, text in answer.getheaders()}, body
