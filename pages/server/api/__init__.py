"""The HTTP API: answers about photos for programs."""
