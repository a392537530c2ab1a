"""What committed predictions are worth: metrics, intervals and tests. Draws nothing."""
