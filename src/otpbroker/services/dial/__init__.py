"""otpb-dial."""
