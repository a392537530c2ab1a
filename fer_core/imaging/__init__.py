"""A photo's bytes → RGB pixels, or one sentence that says why not. Knows nothing of faces."""
