"""The bench behind `scripts/bench`: OTP Broker and its peers on the same simulated modems."""
