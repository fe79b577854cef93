"""Questions asked of estimates: compare, what moves the result, plan, serve after training, water, equivalences."""


class Impossible(ValueError):  # noqa: N818  what the planner asked for is no error of the program
    """A request that nothing can meet; the message is one plain sentence: why, and what would make it possible."""
