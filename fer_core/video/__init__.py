"""A film's frames → faces followed from frame to frame → what models answer, as a timeline."""
