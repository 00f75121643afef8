"""Messages to people: written with the change that they tell of, sent afterwards by the worker."""
