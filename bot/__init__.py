"""Somebody says something -> we understand a need -> we route it -> we word it -> a channel carries it -> we count it.

The packages are those verbs: nlu, routing, i18n, channels, statistics; `directory` is the map that routing reads.
They import `model`, `settings`, `languages`, `paths` and never each other; Rasa, Sanic and SQLAlchemy stand at the edges
(`engine`, `actions`, `channels`, `statistics.store`). tests/test_architecture.py holds it.
"""
