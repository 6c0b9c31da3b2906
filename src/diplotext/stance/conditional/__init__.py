"""Conditionals: what is tied to the other side's conduct, found by rules."""
