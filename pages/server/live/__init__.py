"""The way of a camera's or a film's frames, from the frame of the page Live to its session."""
