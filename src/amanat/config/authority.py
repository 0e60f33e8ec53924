"""The workspace as its own authority: a P-256 key that vouches for one host and no other, and the certificates that it signs."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from amanat.config import hosts

CA_LASTS = timedelta(days=3652)  # ten years
SERVER_LASTS = timedelta(days=398)  # what browsers accept at most
BACKDATED = timedelta(days=1)  # for devices whose clock is behind


def key_from(number: bytes) -> ec.EllipticCurvePrivateKey:
    """The authority's key, out of the private number that a workspace keeps among its keys."""
    return ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _names(host: str) -> list[x509.GeneralName]:
    """Whom a certificate is for: the host, and this machine by its own names, for the page that unlocks it."""
    loopback = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    ours = x509.IPAddress(ipaddress.ip_address(host)) if hosts.is_address(host) else x509.DNSName(host)
    return list(dict.fromkeys([ours, x509.DNSName("localhost"), *loopback]))


def _only(host: str) -> x509.NameConstraints:
    """The authority vouches for nothing else: who trusts it trusts it for this workspace."""
    networks = [
        x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name
        for name in _names(host)
    ]
    return x509.NameConstraints(permitted_subtrees=networks, excluded_subtrees=None)


def begin(host: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """The authority itself, signed by its own key."""
    name, public = _named(f"{host[:50]} CA"), key.public_key()
    builder = _builder(name, name, public, now, now + CA_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True).add_extension(_only(host), critical=True)
    return builder.sign(key, hashes.SHA256())


def issue(
    host: str, key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    """A certificate for the server that holds `key`; it ends with the authority at the latest."""
    ends = min(now - BACKDATED + SERVER_LASTS, ca.not_valid_after_utc)
    builder = _builder(_named(host), ca.subject, key.public_key(), now, ends)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
    known_by = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known_by)
    return builder.add_extension(issuer, critical=False).sign(ca_key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), now - BACKDATED, ends)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)


def _usage(*, signs: bool) -> x509.KeyUsage:
    none = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **none)
