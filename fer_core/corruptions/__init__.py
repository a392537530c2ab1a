"""Faults of photos, in controlled amounts: blur, noise, darkness, turned or hidden faces.

docs/robustness.md has the formulas, and how the severities were chosen.
"""
