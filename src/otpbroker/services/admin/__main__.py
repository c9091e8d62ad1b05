"""otpb-admin: the panel (SPEC §7)."""

import sys

from otpbroker.services.admin.service import main

sys.exit(main())
