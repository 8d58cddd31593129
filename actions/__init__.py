"""What the dialogue does, one module a thing. Thin: slots in, a call to the core, slots and names of texts out."""
