"""What stands around the pages when they are served: limits, health, log, start and stop."""
