"""Messages to people, tasks that run outside requests, and the worker that runs them.

A message is written together with the change that it is about, and sent afterwards. Apps register their periodic tasks
with `schedule.every`. This app does not know who people are or what they may do.
"""
