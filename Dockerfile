# A Hugging Face Space (README front matter: `sdk: docker`, `app_port: 8501`); any other container host works the same.
FROM python:3.11-slim

# Spaces run the container as user 1000, who may write only below their own home.
RUN useradd --create-home --uid 1000 user
USER user
ENV HOME=/home/user \
    PATH=/home/user/.local/bin:$PATH \
    PYTHONUNBUFFERED=1
WORKDIR /home/user/app

# Before the code, so that a change of code does not install everything again.
COPY --chown=user requirements-hashed.txt .
RUN pip install --no-cache-dir --user --require-hashes -r requirements-hashed.txt

COPY --chown=user app.py serve.py ./
COPY --chown=user .streamlit .streamlit
COPY --chown=user data data
COPY --chown=user oce oce
COPY --chown=user pages pages

EXPOSE 8501
CMD ["python", "-m", "serve", "--address=0.0.0.0", "--port=8501"]
