"""An example of each register, with what was decided by hand, for the tests that every register must pass."""
