"""Labels and articles to and from other annotation tools: a module a format, all in `formats`."""
