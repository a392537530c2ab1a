"""What the page Leaderboard is made of."""
