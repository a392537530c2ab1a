"""Evaluation: every metric, interval and statistical test, computed in one place."""
