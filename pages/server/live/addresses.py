"""Addresses for the frame of the page Live, below the base path too."""

START, FRAME, MARK, KEEP = "/live/start", "/live/frame", "/live/mark", "/live/keep"
