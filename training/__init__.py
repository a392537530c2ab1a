"""Training and evaluation: data, augmentation, recipes, loops, export. Imports no Streamlit."""
