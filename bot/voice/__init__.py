"""Speech: texts of ours said aloud, and a resident's voice made text; each engine in a process of its own."""
