"""Everything the library outputs for people: formatted numbers, tables, CSV, cards and figures.

A module belongs here if a person reads or saves its result. It may use everything in `fer_core`
except `cli`, and knows nothing of the pages or Streamlit. Computing the numbers belongs in
`evaluation`, `explain` or `artifacts`.
"""
