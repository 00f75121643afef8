"""The commands of `evenstat`: they read files, print a result and may write a file, but compute no statistics."""
