"""Accounts of people who sign in, and what tells a door who is asking."""

from homeroom.access.models.account import Account
from homeroom.access.models.codes import CodeAsk, LetterCode
from homeroom.access.models.leases import Lease, RadiusClient, RadiusSession
from homeroom.access.models.network import AddressRange, Audience, ChromeosSalt, DohToken, ProxyLogin
from homeroom.access.models.restriction import Restriction
from homeroom.access.models.signins import Identity, Sitting

__all__ = [
    "Account",
    "AddressRange",
    "Audience",
    "ChromeosSalt",
    "CodeAsk",
    "DohToken",
    "Identity",
    "Lease",
    "LetterCode",
    "ProxyLogin",
    "RadiusClient",
    "RadiusSession",
    "Restriction",
    "Sitting",
]
