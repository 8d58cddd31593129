"""What the conversation knows and what it does next, without Rasa: state, hearing, agenda, choices.

`hear` takes what was understood into the state; `agenda` says what to ask next. actions/ puts both into Rasa's events.
"""
