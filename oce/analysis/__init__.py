"""Questions asked of estimates: compare, what moves the result, plan, serve after training, water, equivalences."""
