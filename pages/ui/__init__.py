"""What the pages share: words, charts, drawings, the photos of a session."""
