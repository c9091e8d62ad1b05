from fakes.authority import authority, caller

__all__ = ["authority", "caller"]
