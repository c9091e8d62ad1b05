"""Names that only a framework calls; vulture would take them for dead code."""

from otpbroker.simulator.knobs import Knobs
from otpbroker.system.log import LineFormatter

COUNTED_FAULTS = (  # Knobs.take finds them by name
    Knobs.busy,
    Knobs.no_prompt,
    Knobs.silent_after_text,
    Knobs.lost_cmgs,
    Knobs.late_cmgs,
    Knobs.unplug_at_text,
)

LOGGING = (LineFormatter.formatException,)
