# The Python executor. Build context: the repository's root.
FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY executor/requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt \
  && rm /tmp/requirements.txt \
  && useradd --system --no-create-home --shell /usr/sbin/nologin executor
WORKDIR /app
COPY executor/strategiz_executor strategiz_executor
# Zygotes write no bytecode: every start would compile these modules anew.
RUN python -m compileall -q strategiz_executor
COPY deploy/executor-health.py /usr/local/lib/executor-health.py
USER executor
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "/usr/local/lib/executor-health.py", "127.0.0.1:50051"]
ENTRYPOINT ["python", "-m", "strategiz_executor"]
CMD ["--host", "0.0.0.0", "--port", "50051"]
