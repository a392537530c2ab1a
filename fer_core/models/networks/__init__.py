"""The networks on torch and Keras, for training and heat maps; predictions need none of it."""
