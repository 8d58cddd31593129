"""WhatsApp by the Cloud API: what comes in, what it is understood as, what waits, what is said back, and how it is sent.

`inbound` splits what Meta sends; `hearing` and `gist` understand it as ids; `worker` keeps a `line` for each resident who waits,
and `answering` answers whoever is next in it; `talk`, `reply` and `layout` make one message of a turn; `courier` and `graph`
send it. `webhook` is the door.
"""
