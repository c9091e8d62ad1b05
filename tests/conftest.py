from hypothesis import settings

# A slow moment of the machine is no finding; pytest-timeout ends what hangs.
settings.register_profile("otpbroker", deadline=None)
settings.load_profile("otpbroker")
