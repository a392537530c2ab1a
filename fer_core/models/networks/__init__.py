"""The torch and Keras networks, one file per family, for training and heat maps.

Predictions use ONNX Runtime and do not need them.
"""
