"""OTP Broker: an SMS and e-mail one-time-password gateway."""

__version__ = "0.1.0"
