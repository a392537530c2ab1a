"""Data loading, augmentation, training loops and fitting, shared by the training commands."""
