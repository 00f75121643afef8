"""The demonstration: real objectives and real figures, loaded with the same actions that an authority uses."""
