"""What the client has set since the modem started; a restart or ATZ forgets it."""

import dataclasses


@dataclasses.dataclass
class Session:
    echo: bool = True
    verbose: bool = True
    cmee: int = 0
    text_mode: bool = False
    csms: int = 0
    cnmi: tuple[int, ...] = (0, 0, 0, 0, 0)
    scs: str = "GSM"
    cmms: int = 0
    cops_format: int = 0
    ussd_reporting: int = 0
    ussd_path: str = ""
    stores: tuple[str, str, str] = ("SM", "SM", "SM")
    reporting: dict[str, int] = dataclasses.field(default_factory=dict)
    contexts: dict[str, str] = dataclasses.field(default_factory=dict)
