"""Final result codes of the simulated modem's side (3GPP TS 27.005 §3.2.5, TS 27.007 §9.2)."""

CME_TEXTS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    16: "incorrect password",
    30: "no network service",
    50: "incorrect parameters",
    100: "unknown",
}
CMS_TEXTS = {
    302: "operation not allowed",
    303: "operation not supported",
    304: "invalid PDU mode parameter",
    305: "invalid text mode parameter",
    310: "SIM not inserted",
    311: "SIM PIN required",
    314: "SIM busy",
    316: "SIM PUK required",
    321: "invalid memory index",
    322: "memory full",
    331: "no network service",
    340: "no +CNMA acknowledgement expected",
    500: "unknown error",
}


class AtFailure(Exception):
    """A command that fails: `code` of the family `CME` or `CMS`, textual ones as they are; plain ERROR without code."""

    def __init__(self, family: str = "", code: int | str | None = None) -> None:
        super().__init__(family, code)
        self.family = family
        self.code = code

    def final(self, cmee: int) -> str:
        if self.code is None or (self.family == "CME" and cmee == 0):
            return "ERROR"
        if isinstance(self.code, str):
            return f"+{self.family} ERROR: {self.code}"
        if cmee == 2:
            texts = CMS_TEXTS if self.family == "CMS" else CME_TEXTS
            return f"+{self.family} ERROR: {texts.get(self.code, self.code)}"
        return f"+{self.family} ERROR: {self.code}"


def cme(code: int) -> AtFailure:
    return AtFailure("CME", code)


def cms(code: int | str) -> AtFailure:
    return AtFailure("CMS", code)


class Final(str):
    """The final result code that ends a command other than by OK; empty while the command goes on (`>`)."""

    __slots__ = ()
