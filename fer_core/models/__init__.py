"""Network definitions, a short file a family; importing this package imports no framework."""
