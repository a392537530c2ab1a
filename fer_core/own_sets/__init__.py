"""A user's own labelled faces, and what the models answer about them."""
