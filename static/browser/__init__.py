"""Python's side of the app in the browser: what stands in place of a server. Only web/worker.js starts it."""
