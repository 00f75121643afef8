"""The checks of `evenhand doctor`, by area. Health checks for other programs are in `operations.health`."""
