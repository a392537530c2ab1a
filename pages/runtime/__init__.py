"""Settings, event log and work queue of the server process, independent of Streamlit."""
