"""A film's timeline as files: tables of frames (CSV, JSON lines), and cues (WebVTT, ELAN)."""
