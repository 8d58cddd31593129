"""How soon the website can be used on a slow line and a slow phone."""
