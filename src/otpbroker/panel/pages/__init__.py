"""Every page, one module a subject."""
