# FER Explorer in a container; docs/operations.md says how to run it.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KERAS_HOME=/tmp/keras \
    MPLCONFIGDIR=/tmp/matplotlib \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    FER_LOG=json

WORKDIR /app

# The packages first: they change less often than the app. Only files with a hash in a lock are
# installed or build one; PIP_OPTIONS may name another index for them.
COPY requirements-app.lock .
ARG PIP_OPTIONS=""
RUN pip install --no-cache-dir $PIP_OPTIONS --require-hashes -r requirements-app.lock

# Heat maps, with torch and TensorFlow: only with --build-arg EXPLAIN=1.
COPY requirements-tools.lock .
COPY requirements.lock .
ARG EXPLAIN=""
RUN if [ -n "$EXPLAIN" ]; then \
    pip install --no-cache-dir $PIP_OPTIONS --require-hashes -r requirements-tools.lock && \
    pip install --no-cache-dir $PIP_OPTIONS --require-hashes --no-build-isolation -r requirements.lock; \
    fi

# The app belongs to root and is run by a user who can change none of it.
COPY .streamlit .streamlit
COPY fer_core fer_core
COPY pages pages
COPY docs/glossary.md docs/
COPY streamlit_app.py .
COPY README.md .
COPY LICENSE .
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin fer
USER fer

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/health', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["streamlit", "run", "streamlit_app.py", "--server.port", "8501"]
