"""A certificate and its key as somebody else made them: read, and checked before anybody is served with them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.utils.translation import gettext_lazy as _

from amanat.config import hosts
from amanat.web.errors import PersonFacingError

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class BadCertificate(PersonFacingError):
    """With this one, browsers would be refused or would warn."""


@dataclass(frozen=True)
class Pair:
    """A certificate with those that vouch for it, the server's own first; and its private key."""

    chain: Sequence[x509.Certificate]
    key: Key

    @classmethod
    def read(cls, certificate: Path, key: Path) -> Pair:
        """From two PEM files.

        Raises:
            BadCertificate: one of them is something else.
        """
        try:
            chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        except (OSError, ValueError) as error:
            raise BadCertificate(
                _("%(file)s can't be read as a certificate: %(error)s.") % {"file": certificate, "error": error},
                _("It has to be a PEM file that begins with the certificate of the host."),
            ) from error
        return cls(chain, _read_key(key))

    def check(self, host: str, now: datetime) -> None:
        """Raises:
        BadCertificate: says why a browser would refuse it.
        """
        shown = self.chain[0]
        if _public(shown) != _public(self.key):
            raise BadCertificate(
                _("The key is not the one of this certificate."), _("Give the two that belong together.")
            )
        if not shown.not_valid_before_utc <= now < shown.not_valid_after_utc:
            raise BadCertificate(
                _("This certificate is valid from %(begins)s to %(ends)s only.")
                % {"begins": shown.not_valid_before_utc.date(), "ends": shown.not_valid_after_utc.date()},
                _("Renew it, or set this machine's clock."),
            )
        if not any(_covers(name, host) for name in _names_of(shown)):
            raise BadCertificate(
                _("This certificate is not for %(host)s.") % {"host": host},
                _("The workspace's name can't be changed; the certificate has to name it."),
            )


def _read_key(path: Path) -> Key:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except TypeError as error:  # it asks for a password
        raise BadCertificate(
            _("The key in %(file)s is locked by a password.") % {"file": path},
            _("Amanat starts without asking for one: give the key without it."),
        ) from error
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise BadCertificate(
            _("%(file)s can't be read as a key: %(error)s.") % {"file": path, "error": error},
            _("It has to be a private key in a PEM file."),
        ) from error
    if not isinstance(key, Key):
        raise BadCertificate(_("The key is of a kind that browsers don't take."), _("Take ECDSA or RSA."))
    return key


def _public(of: x509.Certificate | Key) -> bytes:
    return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _names_of(shown: x509.Certificate) -> list[str]:
    try:
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _covers(name: str, host: str) -> bool:
    """Whether a name in a certificate is the host, as browsers see it: a star stands for one label, and not below a bare TLD."""
    if hosts.is_address(host):
        return hosts.is_address(name) and ipaddress.ip_address(name) == ipaddress.ip_address(host)
    name, (_label, _dot, above) = name.casefold(), host.partition(".")
    return name == host or ("." in above and name == f"*.{above}")
