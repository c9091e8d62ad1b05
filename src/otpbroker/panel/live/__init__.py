"""What the panel knows of the running system without asking anew for every page."""
