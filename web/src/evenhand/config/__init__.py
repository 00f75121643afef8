"""Settings, URL configuration and the command line, where the apps are put together. No other app imports from here."""
