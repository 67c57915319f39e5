"""Ends with 0 where the dashboard of this container is healthy, with 1 where it is not; needs no package."""

import os
import sys
import urllib.request

_ADDRESS = f"http://127.0.0.1:{os.environ.get('JANGBU_PORT', '8501')}/healthz"
# Whatever proxy the environment names leads elsewhere.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

try:
    _DIRECT.open(_ADDRESS, timeout=8).close()
except OSError as error:
    sys.exit(f"{_ADDRESS}: {error}")
