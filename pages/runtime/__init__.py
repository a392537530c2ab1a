"""Settings, event log and work queue of the server process; no Streamlit."""
