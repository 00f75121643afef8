"""Programs that write figures and pages from published data. Nothing here is needed to run, check or test the site."""
