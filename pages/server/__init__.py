"""ASGI layer: limits, security headers, health check, session clean-up, lifespan."""
