"""The demonstration: real objectives and real figures, loaded through the same doors that an authority uses."""
