"""How a tagger is made, measured and used from the command line."""
