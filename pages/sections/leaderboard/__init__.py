"""Sections of the page Leaderboard."""
