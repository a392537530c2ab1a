# FER Explorer in a container; docs/operations.md says how to run it.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KERAS_HOME=/tmp/keras \
    MPLCONFIGDIR=/tmp/matplotlib \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    FER_LOG=json

WORKDIR /app

# The packages first: they change less often than the app. PIP_OPTIONS may name an index that
# carries torch for processors only, which makes the image some 5 GB smaller.
COPY requirements.txt .
ARG PIP_OPTIONS=""
RUN pip install --no-cache-dir $PIP_OPTIONS -r requirements.txt

# The app belongs to root and is run by a user who can change none of it.
COPY .streamlit .streamlit
COPY fer_core fer_core
COPY pages pages
COPY streamlit_app.py .
COPY README.md .
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin fer
USER fer

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/health', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["streamlit", "run", "streamlit_app.py", "--server.port", "8501"]
