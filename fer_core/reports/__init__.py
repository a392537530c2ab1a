"""What leaves the library: numbers as text, tables, CSV, model cards, pictures, speed reports.

A module belongs here when its result is to be read or kept by a person. It may use everything of
`fer_core` but `cli`, and knows nothing of the pages and of Streamlit. What is computed to be shown
belongs into `evaluation`, `explain` or `artifacts`.
"""
