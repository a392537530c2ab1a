"""The command line: a file for each command, with `add` for its words and `run` for what it does.

Arguments, printing and exit statuses belong here; what is computed or drawn belongs below. Nothing
else in `fer_core` imports this package. NumPy and whatever else takes its time is imported when a
command that needs it runs.
"""
