"""What is told of messages past: counts, cost and speed by day, and the list of messages by pages."""
