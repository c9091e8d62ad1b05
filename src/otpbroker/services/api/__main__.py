"""otpb-api: the REST door."""

import sys

from otpbroker.services.api.service import main

sys.exit(main())
