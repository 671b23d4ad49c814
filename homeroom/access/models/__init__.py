"""Accounts of people who sign in, and what tells a door who is asking."""

from homeroom.access.models.account import Account
from homeroom.access.models.codes import CodeAsk, LetterCode
from homeroom.access.models.network import AddressRange, Audience, ChromeosSalt, DohToken, ProxyLogin
from homeroom.access.models.restriction import Restriction

__all__ = [
    "Account",
    "AddressRange",
    "Audience",
    "ChromeosSalt",
    "CodeAsk",
    "DohToken",
    "LetterCode",
    "ProxyLogin",
    "Restriction",
]
