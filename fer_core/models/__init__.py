"""Predictors on ONNX Runtime; importing this package imports no framework."""
