"""Addresses of the HTTP API, below the base path too."""

CLASSIFY, MODELS, DESCRIPTION = "/v1/classify", "/v1/models", "/openapi.json"
API_ADDRESSES = (CLASSIFY, MODELS, DESCRIPTION)
