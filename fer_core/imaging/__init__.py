"""The bytes of a photo → RGB pixels, or an error message for the user. Independent of faces."""
