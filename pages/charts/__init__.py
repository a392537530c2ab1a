"""Plotly charts and their theme; they know no session."""
