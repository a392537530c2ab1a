"""Numbers as text, tables, model cards and pictures that leave the library. No Streamlit."""
