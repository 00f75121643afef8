"""Shared helpers of the tests: processes, databases, people and pages. It contains no tests."""
