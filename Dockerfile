# The portal's image: web, worker and beat are the same one with another command. compose.yaml says which.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/
RUN /opt/venv/bin/pip install -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    VAR_DIR=/srv/var
# A number, so that a cluster can see without looking up names that this is not root.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /srv --shell /usr/sbin/nologin exchange \
 && install -d -o 10001 -g 10001 /srv/var /srv/var/media
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/exchange
COPY manage.py ./
COPY search search
COPY knowledge knowledge
COPY community community
COPY portal portal
COPY templates templates
# Hashed and compressed once, here. The values open nothing: no request is served by this step.
RUN python -m compileall -q . \
 && SECRET_KEY=only-for-this-step ALLOWED_HOSTS=localhost python manage.py collectstatic --no-input --verbosity 0
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "python:portal.gunicorn_conf", "portal.wsgi"]
