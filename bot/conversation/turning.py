"""How a conversation turns: to a need, to a crisis, to the end of a need, and one step back."""

from __future__ import annotations

from bot.conversation.state import State, added


def in_crisis(state: State, crisis: str | None) -> State:
    """The number comes next, before anything else."""
    return state.but(crisis=added(state.crisis, (crisis,)) if crisis else state.crisis, doubt=crisis, safe="crisis")


def turn_to(state: State, topic: str) -> State:
    """A need was named: it is the topic, unless another is still being worked out; then it comes with it."""
    state = state.but(topics=added(state.topics, (topic,)))
    if state.topic is None:
        return state.but(topic=topic, more=None, routed=False)
    if state.routed and topic != state.topic:
        return closed(state).but(topic=topic, more=None)
    return state


def closed(state: State) -> State:
    """The topic of now is dealt with; the next can begin."""
    done = added(state.done, (state.topic,) if state.topic else ())
    return state.but(done=done, topic=None, routed=False, shown=(), declined=())


def back(state: State) -> State:
    """The question before, open again. Where there is none, the state as it was."""
    if not state.trail:
        return state.but(topic=None, topics=(), routed=False)
    *trail, last = state.trail
    state = state.but(trail=tuple(trail), routed=False, unclear=0)
    if last.startswith("answer:"):
        question = last.removeprefix("answer:")
        return state.but(answers={name: code for name, code in state.answers.items() if name != question})
    if last == "place":
        return state.but(place=None, wijken=(), options=())
    if last == "drempel":
        return state.but(drempel=None, drempels={k: how for k, how in state.drempels.items() if how != "asked"})
    reopened = state.done[-1] if state.done else state.topic
    return state.but(topic=reopened, done=state.done[:-1], more=None, outcomes=state.outcomes[:-1])
