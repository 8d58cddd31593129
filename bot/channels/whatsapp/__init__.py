"""WhatsApp by the Cloud API: what comes in, what it is understood as, what waits, what is said back, and how it is sent.

`inbound` splits what Meta sends; `gist` and `talk` understand it as ids; `worker` answers what waits, one resident after the
other in order; `reply` and `layout` make one message of a turn; `graph` and `courier` send it. `webhook` is the door.
"""
