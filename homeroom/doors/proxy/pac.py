"""The set-up file that tells a browser to use the proxy (proxy auto-configuration, `FindProxyForURL`)."""

from __future__ import annotations

import json
from collections.abc import Iterable

PATHS = frozenset({"/proxy.pac", "/wpad.dat"})
MEDIA_TYPE = b"application/x-ns-proxy-autoconfig"


def pac(proxy: tuple[str, int], direct: Iterable[str] = ()) -> bytes:
    """The file: everything goes through `proxy` (address, port), save plain names, this device and `direct` hosts.

    There is no way around on failure: where the proxy cannot be reached, nothing is.
    """
    address, port = proxy
    shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    # JSON strings are JavaScript strings, so nothing in a host name can become code.
    hosts = json.dumps(sorted({"localhost", "127.0.0.1", "::1", *direct}))
    return (
        "function FindProxyForURL(url, host) {\n"
        f"  var direct = {hosts};\n"
        "  if (isPlainHostName(host) || direct.indexOf(host) >= 0) { return 'DIRECT'; }\n"
        f"  return {json.dumps(f'PROXY {shown}')};\n"
        "}\n"
    ).encode()
