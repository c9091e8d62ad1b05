"""What runs on a person's computer: writing a card for one device, and the sheet of paper that goes with it."""
