"""Many photos: classified in batches, by one or several processes, and gone on with later."""
