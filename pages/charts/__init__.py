"""Plotly charts and their theme, independent of the session."""
