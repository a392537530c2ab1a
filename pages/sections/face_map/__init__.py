"""The sections of Map of faces."""
