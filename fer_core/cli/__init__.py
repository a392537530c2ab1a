"""The command line: one module per command, with `add_parser` for its arguments and `run`.

Only argument parsing, printing and exit statuses belong here; computing and drawing belong in the
lower layers. Nothing else in `fer_core` imports this package. NumPy and other slow imports happen
only when a command that needs them runs.
"""
