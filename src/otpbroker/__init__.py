"""OTP Broker: an SMS and e-mail one-time-password gateway."""
