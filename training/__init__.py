"""Train, evaluate and export the models. Does not import Streamlit."""
