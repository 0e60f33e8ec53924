"""The certificate that browsers are shown. Either the workspace is its own authority (its key is one of the workspace's keys),
or a certificate was given to it, or a proxy beside it speaks TLS. In `tls/` stand `server.pem`, certificate and key in one
file so that both change at once, and `ca.crt`, what devices have to trust.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amanat.config import authority as authorities
from amanat.config import hosts
from amanat.config.authority import SERVER_LASTS
from amanat.config.certificates import Pair
from amanat.vault.durable import write_whole
from amanat.vault.keys import CA, Keyring, Workspace
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RENEWED_BEFORE = timedelta(days=30)
CA_FILE = "ca.crt"


class PlainOffLoopback(PersonFacingError):
    """Whoever is on the network could read along."""


class NoCertificate(PersonFacingError):
    """The header says that there is TLS, and the certificate is not there."""


class OtherAuthority(PersonFacingError):
    """This process holds the key of another authority than the one that devices trust."""

    def __init__(self) -> None:
        super().__init__(
            _("The authority of this workspace was changed meanwhile, so nothing was signed."),
            _("Type the command again."),
        )


class Kind(StrEnum):
    NONE = "none"
    OWN = "own"
    GIVEN = "given"
    PROXY = "proxy"


AUTHORITY_ENDS = _(
    "The authority ends on {day}. Make a new one, and print the sheet anew: ./run amanat tls renew --authority"
)
OWN_ENDS = _("The certificate ends on {day}. It is renewed when the workspace is opened next.")
GIVEN_ENDS = _("The certificate ends on {day}. Get a new one, then: ./run amanat tls use CERTIFICATE KEY")
KINDS = {
    Kind.NONE: _("No TLS: this workspace is served to this machine only."),
    Kind.OWN: _("The certificate is by this workspace's own authority, and is renewed by itself."),
    Kind.GIVEN: _("The certificate was given by somebody else, who has to renew it."),
    Kind.PROXY: _("A proxy on this machine has the certificate."),
}


@dataclass(frozen=True)
class Served:
    """What a server needs to speak TLS; both may be the same file."""

    certificate: Path
    key: Path


def files(workspace: Workspace) -> Served | None:
    """The files to serve with; None where this process speaks plain http.

    Raises:
        NoCertificate: they are not where they should be.
    """
    if not workspace.header.tls or workspace.header.proxied:
        return None
    path = _server(workspace)
    if not path.exists():
        raise NoCertificate(_("The certificate is missing."), _("This makes a new one: ./run amanat tls renew"))
    return Served(path, path)


def check_bind(address: str, served: Served | None) -> None:
    """Raises:
    PlainOffLoopback: others could reach this address, and what travels there would be readable.
    """
    if served is None and not hosts.is_loopback(address):
        refused = _("Without TLS, Amanat is served to this machine only, and {address} is reached by others.")
        raise PlainOffLoopback(
            format_lazy(refused, address=address or "0.0.0.0"),  # noqa: S104  (what an empty one means)
            _("This makes a certificate: ./run amanat tls renew. Or let a proxy on this machine speak TLS."),
        )


def kind(workspace: Workspace) -> Kind:
    if not workspace.header.tls:
        return Kind.NONE
    if workspace.header.proxied:
        return Kind.PROXY
    return Kind.OWN if _issued_here(workspace) else Kind.GIVEN


def make(workspace: Workspace, held: Keyring, now: datetime) -> None:
    """Begin anew as one's own authority: devices have to trust `ca.crt` once."""
    _folder(workspace).mkdir(exist_ok=True, mode=0o700)
    key = authorities.key_from(held.of(CA, held.newest(CA)))
    begun = authorities.begin(workspace.header.host, key, now)
    write_whole(_ca(workspace), begun.public_bytes(Encoding.DER))
    renew(workspace, held, now)
    _serve_by(workspace, tls=True, proxied=False)


def renew(workspace: Workspace, held: Keyring, now: datetime) -> None:
    """A new server certificate with a fresh key, under the same authority.

    Raises:
        OtherAuthority: its key is not among these.
    """
    vouching, key = x509.load_der_x509_certificate(_ca(workspace).read_bytes()), ec.generate_private_key(ec.SECP256R1())
    server = authorities.issue(workspace.header.host, key, vouching, _key_of(vouching, held), now)
    _put(workspace, Pair([server], key))


def renew_if_due(workspace: Workspace, held: Keyring, now: datetime) -> bool:
    """Renew an own certificate that ends soon, or is not valid by this clock; whether it did, and has to be read again."""
    if kind(workspace) is not Kind.OWN:
        return False
    server = certificate(workspace)
    if server.not_valid_before_utc <= now < server.not_valid_after_utc - RENEWED_BEFORE:
        return False
    renew(workspace, held, now)
    return True


def use(workspace: Workspace, certificate_file: Path, key_file: Path, now: datetime) -> None:
    """Serve with a certificate that somebody else made.

    Raises:
        BadCertificate: the two can't be read, do not belong together, are of another host or not valid now.
    """
    pair = Pair.read(certificate_file, key_file)
    pair.check(workspace.header.host, now)
    _folder(workspace).mkdir(exist_ok=True, mode=0o700)
    _put(workspace, pair)
    _serve_by(workspace, tls=True, proxied=False)


def leave_to_proxy(workspace: Workspace) -> None:
    """A proxy on this machine has the certificate, by ACME or else; this process listens on loopback only."""
    _serve_by(workspace, tls=True, proxied=True)


def certificate(workspace: Workspace) -> x509.Certificate:
    """The one that browsers are shown."""
    return x509.load_pem_x509_certificates(_server(workspace).read_bytes())[0]


def ends(workspace: Workspace) -> datetime | None:
    """When browsers begin to refuse: the end of the certificate, or of the authority where that comes first; None where it is missing."""
    if not _server(workspace).exists():
        return None
    vouching = authority(workspace)
    shown = [certificate(workspace), *([vouching] if vouching else [])]
    return min(one.not_valid_after_utc for one in shown)


def authority(workspace: Workspace) -> x509.Certificate | None:
    """What devices have to trust; None where others vouch for the certificate."""
    if kind(workspace) is not Kind.OWN:
        return None
    return x509.load_der_x509_certificate(_ca(workspace).read_bytes())


def warning(workspace: Workspace, now: datetime) -> StrOrPromise | None:
    """A sentence where somebody has to act before browsers refuse to come. It is not asked for its words here: the process that
    keeps the keys has no catalogues.
    """
    which = kind(workspace)
    if which in (Kind.NONE, Kind.PROXY):
        return None
    if not _server(workspace).exists():
        return _("The certificate is missing.")
    vouching = authority(workspace)
    if vouching and vouching.not_valid_after_utc <= now + SERVER_LASTS:
        return format_lazy(AUTHORITY_ENDS, day=vouching.not_valid_after_utc.date())
    ends = certificate(workspace).not_valid_after_utc
    if ends > now + RENEWED_BEFORE:
        return None
    return format_lazy(OWN_ENDS if which is Kind.OWN else GIVEN_ENDS, day=ends.date())


def told(workspace: Workspace, now: datetime) -> Iterator[str]:
    """What a person wants to know of it, line by line."""
    which = kind(workspace)
    yield str(KINDS[which])
    if which in (Kind.OWN, Kind.GIVEN):
        yield _("Until: %(day)s") % {"day": certificate(workspace).not_valid_after_utc.date()}
    if vouching := authority(workspace):
        yield _("The file that devices have to trust: %(file)s") % {"file": _ca(workspace)}
        yield _("Its fingerprint (SHA-256): %(digits)s") % {"digits": fingerprint(vouching)}
    if (sentence := warning(workspace, now)) is not None:
        yield str(sentence)


def fingerprint(shown: x509.Certificate) -> str:
    """SHA-256 in sixteen groups of four, to be compared by two people."""
    digits = shown.fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


# --- files --------------------------------------------------------------------------------------------------------------


def _folder(workspace: Workspace) -> Path:
    return workspace.path / "tls"


def _server(workspace: Workspace) -> Path:
    return _folder(workspace) / "server.pem"


def _ca(workspace: Workspace) -> Path:
    return _folder(workspace) / CA_FILE


def _put(workspace: Workspace, pair: Pair) -> None:
    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(_server(workspace), b"".join([*(one.public_bytes(Encoding.PEM) for one in pair.chain), key]))


def _serve_by(workspace: Workspace, *, tls: bool, proxied: bool) -> None:
    workspace.change(lambda header: vars(header).update(tls=tls, proxied=proxied))


def _key_of(vouching: x509.Certificate, held: Keyring) -> ec.EllipticCurvePrivateKey:
    """The key of an authority: the newest, unless somebody was cut off who had just made another."""
    for generation in range(held.newest(CA), 0, -1):
        key = authorities.key_from(held.of(CA, generation))
        if key.public_key() == vouching.public_key():
            return key
    raise OtherAuthority


def _issued_here(workspace: Workspace) -> bool:
    if not (_ca(workspace).exists() and _server(workspace).exists()):
        return False
    try:
        certificate(workspace).verify_directly_issued_by(x509.load_der_x509_certificate(_ca(workspace).read_bytes()))
    except (InvalidSignature, ValueError, TypeError):  # of another name, or with a key of another kind
        return False
    return True
