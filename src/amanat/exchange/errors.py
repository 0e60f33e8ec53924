"""Why a file of others cannot be read: each a sentence with what, where and how to mend it. Nothing was taken in then."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from amanat.web.errors import PersonFacingError

_SAVE_ANEW = _("Open it in the program that made it and save it as an Excel workbook (.xlsx), then send that.")
_SPLIT = _("Share the rows among several files and send them one after the other.")
_FROM_THE_SOURCE = _("Ask for the file again from where it came, or save it anew in your spreadsheet program.")


class UnreadableFile(PersonFacingError):
    """A file that cannot be read. `given` fills the places in the sentence, which is said in the reader's language."""

    says: ClassVar[Promise]
    mend: ClassVar[Promise]

    def __init__(self, **given: Any) -> None:
        self.given = given
        super().__init__(_filled(self.says, given), _filled(self.mend, given), "file")


def _fill(text: Promise, given: dict[str, Any]) -> str:
    return str(text) % given


_filled = lazy(_fill, str)


class EmptyFile(UnreadableFile):
    """No byte, or no row."""

    says = _("There is nothing in this file.")
    mend = _("Look whether you chose the right file, and whether it was saved.")


class NotATable(UnreadableFile):
    """A PDF, a picture, a letter, a web page, whatever its name ends with."""

    says = _("This file is not a table: it is %(kind)s.")
    mend = _("Send an Excel workbook (.xlsx) or a CSV file. A name that ends in .xlsx does not make a workbook of it.")


class OldWorkbook(UnreadableFile):
    """Excel 97-2003, or the binary workbook of later versions."""

    says = _("This is a workbook of a kind that cannot be read (%(kind)s).")
    mend = _SAVE_ANEW


class OpenDocument(UnreadableFile):
    """LibreOffice's own format."""

    says = _("This is an OpenDocument table (.ods), which cannot be read yet.")
    mend = _("Open it in LibreOffice and save it as an Excel workbook (.xlsx), then send that.")


class PasswordProtected(UnreadableFile):
    """Encrypted: nothing of it can be seen without its password."""

    says = _("This file is protected with a password.")
    mend = _(
        "Open it with the password, take the password away, save it, and send that. It is sealed here as it arrives."
    )


class BrokenFile(UnreadableFile):
    """A zip or an XML part that does not hold together. `part`: which."""

    says = _("This workbook is broken at “%(part)s”. Nothing of it was taken in.")
    mend = _FROM_THE_SOURCE


class ForeignDeclarations(UnreadableFile):
    """A document type with entities: no spreadsheet writes one, attacks do."""

    says = _("The workbook holds declarations at “%(part)s” that no spreadsheet writes. It was not read any further.")
    mend = _FROM_THE_SOURCE


class TooMuchInside(UnreadableFile):
    """It unpacks to more than any table of children's files would."""

    says = _("“%(part)s” of this workbook unpacks to more than can be read.")
    mend = _(
        "Take away what is not needed (pictures, empty formatted rows, other sheets), or share the rows among files."
    )


class TooManySheets(UnreadableFile):
    """More sheets than anybody keeps."""

    says = _("This workbook has more than %(limit)s sheets.")
    mend = _("Copy the sheet with the children into a new workbook and send that.")


class TooManyColumns(UnreadableFile):
    """Something stands far to the right."""

    says = _("Row %(row)s of the sheet “%(sheet)s” goes on for more than %(limit)s columns.")
    mend = _("Delete what stands to the right of the table. In a CSV file, look whether the lines end where rows end.")


class TooManyRows(UnreadableFile):
    """More rows than one import takes."""

    says = _("The sheet “%(sheet)s” has more than %(limit)s rows.")
    mend = _SPLIT


class TooLongCell(UnreadableFile):
    """More text in a cell than can be kept."""

    says = _("A cell in row %(row)s of the sheet “%(sheet)s” holds more than %(limit)s letters.")
    mend = _("Shorten it, or look whether a quotation mark before it was never closed.")


class RowTooLong(UnreadableFile):
    """More text in a row than a child's file would hold; a small workbook can say one text in every cell."""

    says = _("Row %(row)s of the sheet “%(sheet)s” holds more than %(limit)s letters.")
    mend = TooLongCell.mend


class Undecodable(UnreadableFile):
    """Bytes that are no letters in the encoding that the rest of the file has, or that was chosen."""

    says = _("Row %(row)s cannot be read as %(encoding)s.")
    mend = _("Choose another way in which the letters are written, or save the file as “CSV UTF-8”.")


class MixedEncodings(UnreadableFile):
    """Rows of one file written in different encodings: one of them would come out as nonsense."""

    says = _("Row %(row)s is written in another way than the rows before it: some are UTF-8 and some are not.")
    mend = _("This happens when two files are joined. Send them one by one, or save the joined file as “CSV UTF-8”.")


class BrokenQuotes(UnreadableFile):
    """Quotation marks of a CSV file that do not close where a cell ends."""

    says = _("The quotation marks in row %(row)s do not close where the cell ends.")
    mend = _("Open the file in your spreadsheet program, look at that row, and save it as CSV again.")


class NoHeaders(UnreadableFile):
    """No row in which columns are named."""

    says = _("No row with names of columns was found in the first %(rows)s rows of any sheet.")
    mend = _("Write a name over each column, like “First Name” or “Birthdate”, and send the file again.")


class SurveyForm(UnreadableFile):
    """The questions of a survey, without an answer."""

    says = _("This is a survey form (XLSForm): it has questions and no children.")
    mend = _("Export the answers from your survey tool as XLSX or CSV, and send those.")


class SheetsApart(UnreadableFile):
    """The two sheets of one of our own exports were sorted apart from each other."""

    says = _(
        "Row %(row)s of “%(sheet)s” cannot be joined with its row on the other sheet: they stand in another order."
    )
    mend = _("Sort both sheets by their first column, save, and send the file again.")
