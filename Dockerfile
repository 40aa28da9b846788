# syntax=docker/dockerfile:1
# One image for the web server, the workers and the clock; docker-compose.yml says who does what.

FROM node:22-slim AS pages
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

# The engine's kernels: with them maps are made two to four times as fast as with torch alone.
FROM python:3.12 AS kernels
COPY inference/micranet/native/*.c inference/micranet/native/*.h /build/
RUN cc -O3 -fno-math-errno -shared -fPIC /build/kernels.c -o /build/_kernels.so \
    && cc -O3 -fno-math-errno -shared -fPIC /build/kernels_wide.c -o /build/_kernels_wide.so

FROM python:3.12-slim AS site
# Options for pip, such as an index with a smaller CPU-only torch.
ARG PIP_OPTIONS=""
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
# Dependencies change less often than code, and they take minutes: a layer of their own.
COPY pyproject.toml ./
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
print(*p['dependencies'], *p['optional-dependencies']['server'], *p['optional-dependencies']['s3'], sep='\n')" > /tmp/requirements.txt \
    && pip install $PIP_OPTIONS -r /tmp/requirements.txt
COPY manage.py README.md LICENSE ./
COPY micraweb/ micraweb/
COPY annotations/ annotations/
COPY inference/ inference/
COPY --from=kernels /build/*.so inference/micranet/native/
COPY frontend/templates/ frontend/templates/
COPY --from=pages /build/frontend/dist/ frontend/dist/
RUN python -m compileall -q micraweb annotations inference \
    && useradd --create-home --uid 1000 micraweb \
    && install -d -o micraweb -g micraweb /data
# Torch's threads wait asleep: spinning, they take the cores from everything beside them.
ENV OMP_WAIT_POLICY=PASSIVE
ENV MICRAWEB_DATA=/data
VOLUME /data
USER micraweb
EXPOSE 8000
CMD ["gunicorn", "micraweb.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--timeout", "120", "--no-control-socket"]
