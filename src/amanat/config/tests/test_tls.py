"""The workspace's own certificate is taken by who trusts its authority, for this host and no other; a bad one is refused in words."""

from __future__ import annotations

import ipaddress
import ssl
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from amanat.config import authority as authorities
from amanat.config import tls
from amanat.config.certificates import BadCertificate
from amanat.config.tls import Kind
from amanat.vault.keys import KeyFile, Keyring, Workspace
from amanat.web.errors import PersonFacingError

NOW = datetime.now(UTC).replace(microsecond=0)  # OpenSSL asks the machine's clock
HOST = "amanat.office.example"
DAY = timedelta(days=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made(tmp_path / "w", HOST)


def made(folder: Path, host: str) -> Workspace:
    return Workspace.create(folder, kind="real", provider=KeyFile.create(folder / "key"), host=host)


def keys_of(workspace: Workspace) -> Keyring:
    return workspace.unwrap(workspace.provider())


@pytest.fixture
def served(workspace: Workspace) -> Workspace:
    """It has a certificate of its own."""
    tls.make(workspace, keys_of(workspace), NOW)
    return Workspace.at(workspace.path)


def visit(workspace: Workspace, host: str, trusted: bytes | None = None) -> str:
    """How a browser comes to `host` that trusts the authority alone: the version of TLS that both agree on.

    Raises:
        ssl.SSLCertVerificationError: it would refuse.
    """
    files = tls.files(workspace)
    assert files
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=trusted or (workspace.path / "tls" / "ca.crt").read_bytes())
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=host)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    done = set[object]()
    while len(done) < 2:
        for side in (ours, theirs):
            try:
                side.do_handshake()
                done.add(side)
            except ssl.SSLWantReadError:
                continue
    return str(ours.version())


# --- one's own authority ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [HOST, "localhost", "127.0.0.1"])
def test_who_trusts_the_authority_comes_by_https(served: Workspace, name: str) -> None:
    assert visit(served, name) == "TLSv1.3"


@pytest.mark.parametrize("host", ["10.20.0.5", "2001:db8::5"])
def test_an_address_will_do_too(tmp_path: Path, host: str) -> None:
    workspace = made(tmp_path / "address", host)
    tls.make(workspace, keys_of(workspace), NOW)
    assert visit(workspace, host) == "TLSv1.3"


def test_who_trusts_another_authority_is_warned(served: Workspace, tmp_path: Path) -> None:
    other = made(tmp_path / "other", HOST)
    tls.make(other, keys_of(other), NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        visit(served, HOST, (other.path / "tls" / "ca.crt").read_bytes())


@pytest.mark.parametrize("name", ["bank.example", "10.0.0.7"])
def test_whoever_gets_the_authoritys_key_can_not_pass_for_another_host(served: Workspace, name: str) -> None:
    """The devices that trust it trust it for one name."""
    authority = tls.authority(served)
    assert authority
    key = ec.generate_private_key(ec.SECP256R1())
    forged = authorities.issue(name, key, authority, authorities.key_from(keys_of(served)["ca.1"]), NOW)
    tls._put(served, tls.Pair([forged], key))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        visit(served, name)


def test_the_authority_can_vouch_for_servers_only_and_for_ten_years(served: Workspace) -> None:
    authority = tls.authority(served)
    assert authority
    extensions = authority.extensions
    assert extensions.get_extension_for_class(x509.NameConstraints).critical
    assert extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign
    assert not usage.digital_signature
    assert isinstance(authority.public_key(), ec.EllipticCurvePublicKey)
    assert authority.not_valid_after_utc.year == NOW.year + 10


def test_a_certificate_lasts_no_longer_than_browsers_accept(served: Workspace) -> None:
    shown = tls.certificate(served)
    assert shown.not_valid_after_utc - shown.not_valid_before_utc <= timedelta(days=398)
    assert shown.not_valid_before_utc <= NOW - DAY  # a device's clock may be behind


def test_only_its_owner_reads_the_key_and_the_authoritys_key_lies_nowhere(served: Workspace) -> None:
    folder = served.path / "tls"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "ca.crt": 0o600,
        "server.pem": 0o600,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    secret = keys_of(served)["ca.1"]
    files = [path.read_bytes() for path in served.path.rglob("*") if path.is_file()]
    assert not [content for content in files if secret in content or secret.hex().encode() in content]
    assert (folder / "server.pem").read_bytes().count(b"PRIVATE KEY-----\n") == 2


def test_a_sheet_and_a_device_show_the_same_fingerprint(served: Workspace) -> None:
    authority = tls.authority(served)
    assert authority
    shown = tls.fingerprint(authority)
    assert [len(group) for group in shown.split()] == [4] * 16
    digest = hashes.Hash(hashes.SHA256())
    digest.update((served.path / "tls" / "ca.crt").read_bytes())  # what `certutil -hashfile` reads
    assert shown.replace(" ", "").lower() == digest.finalize().hex()


# --- renewal ----------------------------------------------------------------------------------------------------------


def test_it_is_renewed_thirty_days_before_it_ends_and_not_before(served: Workspace) -> None:
    held, first = keys_of(served), tls.certificate(served)
    due = first.not_valid_after_utc - timedelta(days=30)
    assert not tls.renew_if_due(served, held, due - timedelta(seconds=1))
    assert tls.certificate(served) == first
    authority = tls.authority(served)
    assert tls.renew_if_due(served, held, due)
    second = tls.certificate(served)
    assert second.not_valid_after_utc - due > timedelta(days=390)
    assert second.public_key() != first.public_key()
    assert tls.authority(served) == authority
    assert not tls.renew_if_due(served, held, due)


def test_one_that_was_made_while_the_clock_was_wrong_is_renewed(workspace: Workspace) -> None:
    tls.make(workspace, keys_of(workspace), NOW)
    tls.renew(workspace, keys_of(workspace), NOW + timedelta(days=4000))
    with pytest.raises(ssl.SSLCertVerificationError):
        visit(workspace, HOST)
    assert tls.renew_if_due(workspace, keys_of(workspace), NOW)
    assert visit(workspace, HOST)


def test_devices_that_trust_it_go_on_trusting_after_the_folder_was_lost(served: Workspace) -> None:
    """The authority's key is one of the workspace's keys, and comes back with them."""
    trusted = (served.path / "tls" / "ca.crt").read_bytes()
    for path in (served.path / "tls").iterdir():
        path.unlink()
    with pytest.raises(tls.NoCertificate, match="missing"):
        tls.files(served)
    tls.make(served, keys_of(served), NOW)
    assert (served.path / "tls" / "ca.crt").read_bytes() != trusted
    assert visit(served, HOST, trusted)


def test_it_warns_before_it_is_too_late(served: Workspace) -> None:
    ends = tls.certificate(served).not_valid_after_utc
    assert tls.warning(served, NOW) is None
    assert "is renewed when" in str(tls.warning(served, ends - timedelta(days=29)))
    authority = tls.authority(served)
    assert authority
    late = authority.not_valid_after_utc - timedelta(days=300)
    tls.renew(served, keys_of(served), late)
    assert tls.certificate(served).not_valid_after_utc == authority.not_valid_after_utc
    assert "--authority" in str(tls.warning(served, late))


def test_a_crash_while_renewing_leaves_certificate_and_key_that_belong_together(
    served: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(OSError):  # noqa: PT011
            tls.renew(served, keys_of(served), NOW)
    assert visit(served, HOST)


# --- certificates of others -------------------------------------------------------------------------------------------

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
Give = Callable[..., tuple[Path, Path]]


@pytest.fixture
def give(tmp_path: Path) -> Give:
    """A certificate by somebody else, in two files."""

    def given(
        *names: str,
        key: Key | None = None,
        begins: datetime = NOW - DAY,
        ends: datetime = NOW + 90 * DAY,
        lock: KeySerializationEncryption | None = None,
    ) -> tuple[Path, Path]:
        key = key or ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begins, ends)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([general(one) for one in names]), False)
        digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        pem = builder.sign(key, digest).public_bytes(Encoding.PEM)
        files = tmp_path / "given.pem", tmp_path / "given.key"
        files[0].write_bytes(pem)
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption()))
        return files

    return given


def general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@pytest.mark.parametrize("names", [[HOST], ["elsewhere.example", "AMANAT.Office.example"], ["*.office.example"]])
def test_a_given_certificate_is_served(workspace: Workspace, give: Give, names: list[str]) -> None:
    certificate, key = give(*names)
    tls.use(workspace, certificate, key, NOW)
    again = Workspace.at(workspace.path)
    assert tls.kind(again) is Kind.GIVEN
    assert visit(again, HOST, ssl.PEM_cert_to_DER_cert(certificate.read_text()))
    assert stat.S_IMODE((workspace.path / "tls" / "server.pem").stat().st_mode) == 0o600


def test_one_with_an_rsa_key_too(workspace: Workspace, give: Give) -> None:
    certificate, key = give(HOST, key=rsa.generate_private_key(65537, 2048))
    tls.use(workspace, certificate, key, NOW)
    assert visit(workspace, HOST, ssl.PEM_cert_to_DER_cert(certificate.read_text()))


def test_a_given_one_takes_the_place_of_ones_own_and_is_not_renewed_by_it(served: Workspace, give: Give) -> None:
    tls.use(served, *give(HOST), NOW)
    assert tls.kind(served) is Kind.GIVEN
    assert tls.authority(served) is None
    near_its_end = NOW + 70 * DAY
    assert not tls.renew_if_due(served, keys_of(served), near_its_end)
    assert "tls use" in str(tls.warning(served, near_its_end))
    assert tls.warning(served, NOW) is None


BAD = {
    "not for": lambda give: give("bank.example"),
    "is not for amanat": lambda give: give("*.example", "*.amanat.office.example", "office.example"),
    "not for amanat.office": lambda give: give(),
    "to .* only": lambda give: give(HOST, ends=NOW - timedelta(seconds=1)),
    "valid from": lambda give: give(HOST, begins=NOW + DAY),
    "locked by a password": lambda give: give(HOST, lock=BestAvailableEncryption(b"word")),
    "kind that browsers": lambda give: give(HOST, key=ed25519.Ed25519PrivateKey.generate()),
    "as a certificate": lambda give: give(HOST)[::-1],
    "as a key": lambda give: (give(HOST)[0],) * 2,
    "can't be read": lambda give: (Path("/nowhere"), give(HOST)[1]),
    "not the one of": lambda give: other_key(give(HOST)),
}


def other_key(files: tuple[Path, Path]) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@pytest.mark.parametrize("sentence", BAD)
def test_a_bad_one_gets_a_sentence_and_changes_nothing(served: Workspace, give: Give, sentence: str) -> None:
    before = (served.path / "tls" / "server.pem").read_bytes()
    with pytest.raises(BadCertificate, match=sentence) as caught:
        tls.use(served, *BAD[sentence](give), NOW)
    assert caught.value.hint
    assert (served.path / "tls" / "server.pem").read_bytes() == before


# --- where it may listen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_without_tls_it_listens_on_loopback(workspace: Workspace, address: str) -> None:
    assert tls.files(workspace) is None
    tls.check_bind(address, None)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.5", "192.168.1.2", HOST, "", "localhost.example"])
def test_without_tls_it_listens_nowhere_else(served: Workspace, address: str) -> None:
    with pytest.raises(tls.PlainOffLoopback, match="this machine only") as caught:
        tls.check_bind(address, None)
    assert "tls renew" in str(caught.value.hint)
    tls.check_bind(address, tls.files(served))


def test_behind_a_proxy_it_listens_on_loopback_only(served: Workspace) -> None:
    tls.leave_to_proxy(served)
    again = Workspace.at(served.path)
    assert again.header.tls
    assert tls.kind(again) is Kind.PROXY
    with pytest.raises(PersonFacingError):
        tls.check_bind("0.0.0.0", tls.files(again))
