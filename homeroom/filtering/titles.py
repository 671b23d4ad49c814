"""The titles of categories in the reader's language; data/categories.csv has the same in English."""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeroom.filtering import tables


def title(category: str) -> str:
    """A category as people know it, or what a step of the order of judgement says in its place."""
    row = tables.category(category)
    return _all().get(category) or (row.title if row else category)


def _all() -> dict[str, str]:
    return {
        "canary": _("Names by which devices ask about filters"),
        "standing": _("Access closed"),
        "local-rule": _("A rule of the district"),
        "list-correction": _("A corrected listing"),
        "safe-search": _("Safe search"),
        "tunnel": _("Tunnels that led elsewhere"),
        "not-named": _("Opens only what is named"),
        "csam": _("Child sexual abuse material"),
        "obscene": _("Material held obscene"),
        "pornography": _("Pornography"),
        "pornography-guess": _("Addresses that look like pornography"),
        "mixed-adult": _("Sites with some adult content"),
        "lingerie": _("Lingerie and swimwear"),
        "dating": _("Dating"),
        "gambling": _("Gambling"),
        "drugs": _("Drugs"),
        "violence": _("Violence and hatred"),
        "dangerous-material": _("Bombs, poisons and the like"),
        "hacking": _("Breaking into computers"),
        "piracy": _("Pirated software and media"),
        "cheating": _("Bought homework"),
        "proxy": _("Proxies and anonymisers"),
        "vpn": _("Virtual private networks"),
        "encrypted-dns": _("Encrypted DNS elsewhere"),
        "dynamic-dns": _("Borrowed and shared host names"),
        "residential-proxies": _("Rented home connections"),
        "remote-control": _("Remote control of computers"),
        "shared-hosting": _("Hosting under shared names"),
        "no-safe-search": _("Search engines without a safe mode"),
        "malware": _("Malware"),
        "phishing": _("Phishing"),
        "cryptojacking": _("Hidden mining"),
        "stalkerware": _("Stalkerware"),
        "spyware": _("Spyware and forced advertising"),
        "ddos": _("Attacks for hire"),
        "ads": _("Advertising and tracking"),
        "ai": _("Chat with machines"),
        "games": _("Games"),
        "social-networks": _("Social networks"),
        "chat": _("Chat"),
        "forums": _("Forums"),
        "webmail": _("Private mail"),
        "blog": _("Blogs"),
        "media": _("Music and video"),
        "file-hosting": _("File exchange"),
        "downloads": _("Software downloads"),
        "shortener": _("Shortened links"),
        "shopping": _("Shopping"),
        "sports": _("Sports"),
        "jobs": _("Looking for work"),
        "banking": _("Banks"),
        "finance": _("Markets and finance"),
        "cryptocurrency": _("Cryptocurrency"),
        "celebrities": _("Celebrities"),
        "cooking": _("Cooking"),
        "comics": _("Manga and anime"),
        "phones": _("Ring tones and phone extras"),
        "press": _("Press"),
        "radio": _("Radio"),
        "disputed-claims": _("Sites called false news"),
        "religion": _("Religion"),
        "sects": _("Groups called sects"),
        "astrology": _("Astrology"),
        "politics": _("Politics and causes"),
        "sexuality": _("Sexual health, orientation and identity"),
    }
