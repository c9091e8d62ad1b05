"""A request that gets a page which says why not."""


class Refused(Exception):
    """`key` among the words, `status` of HTTP."""

    def __init__(self, status: int, key: str, *, retry_after_s: float | None = None, **params: str | int) -> None:
        super().__init__(status, key)
        self.status = status
        self.key = key
        self.params = params
        self.retry_after_s = retry_after_s
