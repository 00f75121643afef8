"""Messages to people, work off the request's path, and the worker that does it.

A message is written with the change that it tells of, and sent afterwards. A room that has periodic work registers it
with `schedule.every`. Nothing here knows who a person is or may do what.
"""
