# A Hugging Face Space (README front matter: `sdk: docker`, `app_port: 8501`); any other container host works the same.
FROM python:3.11.14-slim-bookworm

# Spaces run the container as user 1000. The code is root's: who runs it can read it, and change nothing of it.
RUN useradd --create-home --uid 1000 user
ENV PYTHONUNBUFFERED=1
WORKDIR /home/user/app

# Before the code, so that a change of code does not install everything again.
COPY requirements-hashed.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements-hashed.txt

COPY app.py serve.py LICENSE ./
COPY .streamlit .streamlit
COPY data data
COPY oce oce
COPY pages pages
RUN python -m compileall -q app.py serve.py oce pages

USER user
ENV HOME=/home/user

EXPOSE 8501
CMD ["python", "-m", "serve", "--address=0.0.0.0", "--port=8501"]
