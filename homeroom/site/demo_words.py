"""What the demo says once the doors answer: what to click, and which `dig` and `curl` to try."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import dns.exception
import dns.message
import dns.query
import dns.rcode

from homeroom.doors import environment

PATIENCE = 60.0  # seconds until the doors should answer


def tell(links: Sequence[tuple[str, str]], say: Callable[[str], None]) -> None:
    """Wait for the DNS door, then say what to try."""
    if not _answers(PATIENCE):
        say("The DNS door does not answer yet; look at the lines above.")
    say(words(links))


def words(links: Sequence[tuple[str, str]]) -> str:
    """The whole message; `links` are (who, address that signs them in once)."""
    (dns_host, dns_port), (_, proxy_port) = (environment.listen(f"HOMEROOM_{each}_LISTEN") for each in ("DNS", "PROXY"))
    origin = environment.listen("HOMEROOM_DEMO_HTTP")[1]
    origin_tls = environment.listen("HOMEROOM_DEMO_HTTPS")[1]
    web = environment.text("HOMEROOM_PUBLIC_URL")
    dig = f"dig @{dns_host} -p {dns_port}"
    curl = f"curl -x http://127.0.0.1:{proxy_port}"
    entries = "\n".join(f"  {who:<38} {link}" for who, link in links)
    return f"""
Lake Birch, a made-up district, is open. You are Ben, grade 7, at 127.0.0.1; Ms. Olsen teaches at 127.0.0.3.

1. Ask for names
  {dig} library.test                      an allowed name
  {dig} adult.test                        blocked: the law (see EDE 16)
  {dig} games.test                        blocked: the district's choice (EDE 15)
  {dig} -b 127.0.0.3 games.test           the same, asked by Ms. Olsen: allowed
  {dig} harmless-looking.test             leads to a listed name: blocked

2. Fetch pages
  {curl} http://library.test:{origin}/
  {curl} http://wiki.test:{origin}/games/chess      one page of a site, blocked, with the block page
  {curl} -k https://library.test:{origin_tls}/
  chromium --proxy-server=http://127.0.0.1:{proxy_port} http://games.test:{origin}/

3. Sign in (each link works once) and ask why
{entries}
  {web}/why?target=games.test&person=ben

4. Change a rule and ask again at once
  In the web application: Rules, Add a rule, allow games.test for everyone. Or here:
  ./run homeroom rules add allow games.test --for everyone --reason "Game day" --by dana
  ./run homeroom explain games.test --as ben

5. Read what the district told people this year, and the proof of it
  ls {environment.home()}/mail            each e-mail, as the demo’s mail server took it
  ls {environment.home()}/letters         the print files: parents without e-mail; one parent nobody reaches waits
  {web}/notices        {web}/clocks
  Elena Morales’s link above, then {web}/my/notices: told about an emergency, in Spanish.

6. Sign as a parent
  Open Rosa Haugen’s link above in a narrow window, then {web}/sign: one child waits for her signature.
  Her copy is a sealed PDF; {web}/verify or ./run homeroom verify FILE says whether it is real.

In another window, first: export HOMEROOM_HOME={environment.home()}
Stop with Ctrl-C. Everything is kept in that folder; delete it to begin again.
"""


def _answers(seconds: float) -> bool:
    address, port = environment.listen("HOMEROOM_DNS_LISTEN")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = dns.query.udp(dns.message.make_query("library.test", "A"), address, timeout=1, port=port)
            if answer.rcode() == dns.rcode.NOERROR:
                return True
        except (dns.exception.DNSException, OSError):
            pass
        time.sleep(0.3)
    return False
