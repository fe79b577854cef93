"""How far the method can be trusted: scores against reported runs, other methods, the paper's tables, the refit."""
