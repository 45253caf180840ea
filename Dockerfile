# Thinklens in a container: the data is mounted read-only at /data, the indexes live in a volume.
#
#     docker build -t thinklens .
#     docker run -p 127.0.0.1:8000:8000 -v "$PWD/data:/data:ro" -v "$PWD/tokens:/run/secrets/tokens:ro" \
#         -v thinklens:/index thinklens
#
# The file of tokens (README, Access) is to be readable for the image's user, 10001.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY app app
COPY templates templates
COPY static static
COPY demo demo
RUN python -m venv /opt/thinklens \
    && /opt/thinklens/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.12-slim
COPY --from=build /opt/thinklens /opt/thinklens
RUN useradd --create-home --uid 10001 thinklens \
    && install -d -o thinklens /index
USER thinklens
# nothing but /index and /tmp is written: its root may be read-only (deploy/compose.yaml)
ENV PATH=/opt/thinklens/bin:$PATH THINKLENS_DATA_DIR=/index PYTHONDONTWRITEBYTECODE=1
VOLUME ["/index"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# 0.0.0.0 is the container's own; `-p 127.0.0.1:8000:8000` above decides who reaches it, the tokens who may ask
ENTRYPOINT ["thinklens"]
CMD ["serve", "/data", "--host", "0.0.0.0", "--tokens", "/run/secrets/tokens"]
