"""The sections of Label audit."""
