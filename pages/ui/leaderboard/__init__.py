"""What the Leaderboard is made of."""
