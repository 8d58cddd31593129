"""Understanding: what language a message is in, what it asks, what holds somebody back, where they live, whether it is a crisis.

Plain Python and numpy over one shared representation; `components` wraps it for Rasa.
"""
