"""Visitors at once, without a browser: nobody gets an error or sees what is another's."""

from benchmarks import sessions, soak
from benchmarks.visitors import run

MOST_GROWTH_MB = 5.0


def test_thirty_sessions_at_once_bring_no_error_and_nobody_elses_answer(app_url):
    visitors, wrong = run(leaving(app_url))
    assert wrong == 0
    assert [error for one in visitors for error in one.errors] == []
    assert all(len(one.seconds) == 3 for one in visitors)


async def leaving(url):
    visitors, wrong = await sessions.together(url, 30, 3, 2)
    for one in visitors:
        await one.leave()
    return visitors, wrong


def test_reruns_in_one_session_take_no_more_and_more_memory(app_url):
    run(sessions.together(app_url, 1, 1, 0))  # what is kept once is kept by now
    memory = run(soak.soaked(app_url, 200))
    assert memory[-1] - memory[0] < MOST_GROWTH_MB
