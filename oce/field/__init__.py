"""Where a model stands in its field: accuracy for carbon, time line, leaderboard, equipment era, energy sources."""
