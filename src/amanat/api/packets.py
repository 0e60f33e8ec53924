"""What a phone sends, taken apart and packed for the intake. Nothing here asks the database."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final

from django.utils.translation import gettext as _

from amanat.forms.documents import Element, UnsafeDocument, local, parsed
from amanat.forms.limits import LIMITS
from amanat.web.errors import PersonFacingError

FORM: Final = "xml_submission_file"
MOST_PARTS: Final = 50
MOST_TAGS: Final = 10 * LIMITS.nodes  # two an answer, and several times the answers of the largest form
LONGEST: Final = 100  # characters of an instanceID
_DISPOSITION: Final = re.compile(rb"^content-disposition:(.*)$", re.IGNORECASE | re.MULTILINE)


class NotASubmission(PersonFacingError):
    """It can't be taken."""


@dataclass(frozen=True)
class Packet:
    """A filled form with its files, and the phone that it came from."""

    device: str
    instance: bytes
    media: dict[str, bytes] = field(default_factory=dict)

    def packed(self) -> bytes:
        """The same bytes for the same content, in whatever order the files came."""
        names = sorted(self.media)
        head = {
            "device": self.device,
            "instance": len(self.instance),
            "media": [[name, len(self.media[name])] for name in names],
        }
        return b"".join([json.dumps(head).encode(), b"\n", self.instance, *(self.media[name] for name in names)])

    @classmethod
    def unpacked(cls, body: bytes) -> Packet:
        head, _line, rest = body.partition(b"\n")
        told = json.loads(head)
        place, media = told["instance"], {}
        for name, size in told["media"]:
            media[name] = rest[place : place + size]
            place += size
        return cls(told["device"], rest[: told["instance"]], media)


def read(device: str, content_type: str, body: bytes) -> Packet:
    """What a phone posted.

    Raises:
        NotASubmission: it is not what the protocol says.
    """
    parts = _parts(content_type, body)
    instance = parts.pop(FORM, None)
    if instance is None:
        raise NotASubmission(_("No filled form came with it."), _("Send it again from the app."))
    instance_id_of(root_of(instance))
    return Packet(device, instance, parts)


def root_of(instance: bytes) -> Element:
    """Raises:
    NotASubmission: it is no XML that is read, or has more in it than any form asks.
    """
    if instance.count(b"<") > MOST_TAGS:
        raise NotASubmission(_("The filled form has more answers than any form asks for."))
    try:
        return parsed(instance)
    except UnsafeDocument as error:
        raise NotASubmission(_("The filled form can't be read: %(why)s") % {"why": error}) from None


def instance_id_of(root: Element) -> str:
    """Raises:
    NotASubmission: it has none.
    """
    named = next((one.text or "" for one in root.iter("{*}instanceID")), "").strip() or root.get("instanceID", "")
    if not 0 < len(named) <= LONGEST:
        raise NotASubmission(_("The filled form has no instanceID."), _("Fetch the form anew and fill it in again."))
    return str(named)


def form_of(root: Element) -> str:
    """The `form_id` that it says."""
    return str(root.get("id", "") or local(root))[:200]


def _parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """By name; of a file other than the form, by its file name."""
    boundary = _boundary(content_type)
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 2)  # a body may hold millions of short ones
    if len(pieces) - 2 > MOST_PARTS:
        raise NotASubmission(
            _("It has more than %(most)s parts.") % {"most": MOST_PARTS}, _("Take some of its files out.")
        )
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise NotASubmission(_("The packet is not whole."), _("Send it again from the app."))
    found: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, _blank, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name, file_name = _named(head)
        if name == FORM or file_name:
            found[FORM if name == FORM else file_name] = content
    return found


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_param("boundary")
    if message.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        raise NotASubmission(_("It came in no parts that can be told apart."), _("Send it again from the app."))
    return boundary.encode()


def _named(head: bytes) -> tuple[str, str]:
    found = _DISPOSITION.search(head)
    message = Message()
    message["Content-Disposition"] = found[1].decode("utf-8", "replace").strip() if found else ""
    told = [message.get_param(key, "", "Content-Disposition") for key in ("name", "filename")]
    name, file_name = (one if isinstance(one, str) else collapse_rfc2231_value(one) for one in told)
    return name, file_name.replace("\\", "/").rsplit("/", 1)[-1][:200]
