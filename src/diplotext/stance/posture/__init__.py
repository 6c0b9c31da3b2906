"""The act that a statement performs, by rules: cue words, who acts, when, and whether it is denied."""
