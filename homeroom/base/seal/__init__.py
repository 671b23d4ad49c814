"""The district's seal on a PDF (PAdES): anybody can see whether a byte was changed since, and that it is ours."""

from homeroom.base.seal.sealing import seal
from homeroom.base.seal.verifying import Verdict, verify

__all__ = ["Verdict", "seal", "verify"]
