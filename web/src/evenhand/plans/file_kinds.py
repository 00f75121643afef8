"""What a file is, by its content: people upload the document that they have, whatever its name says."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

WORD, EXCEL, POWERPOINT = "a Word document", "an Excel workbook", "a PowerPoint presentation"
PDF, RICH_TEXT = "a PDF", "a rich text file"
OPEN_TEXT, OPEN_SHEET = "an OpenDocument text (LibreOffice Writer)", "an OpenDocument spreadsheet (LibreOffice Calc)"
OLD_OFFICE = "an old Word or Excel file"
UNKNOWN_ZIP = "a ZIP archive, or a Word, Excel or OpenDocument file"
DOCUMENTS = frozenset({UNKNOWN_ZIP, WORD, EXCEL, POWERPOINT, PDF, RICH_TEXT, OPEN_TEXT, OPEN_SHEET, OLD_OFFICE})
SIGNATURES = (
    (b"%PDF", PDF),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", RICH_TEXT),
    (b"SQLite format 3", "a database"),
)
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PARTS_IN_ZIP = (("word/", WORD), ("xl/", EXCEL), ("ppt/", POWERPOINT))
MIME_TYPES = (
    (b"application/vnd.oasis.opendocument.text", OPEN_TEXT),
    (b"application/vnd.oasis.opendocument.spreadsheet", OPEN_SHEET),
)
STREAMS_IN_OLE = (("WordDocument", WORD), ("Workbook", EXCEL), ("Book", EXCEL), ("PowerPoint Document", POWERPOINT))


def file_kind(data: bytes) -> str:
    """The kind of a binary file, with its article; empty if it may be text."""
    if data.startswith(ZIP):
        return _kind_of_zip(data)
    if data.startswith(OLE):  # the names of its streams are UTF-16, each with a final zero
        names = ((f"{name}\0".encode("utf-16-le"), kind) for name, kind in STREAMS_IN_OLE)
        return next((kind for name, kind in names if name in data), OLD_OFFICE)
    return next((kind for signature, kind in SIGNATURES if data.startswith(signature)), "")


def _kind_of_zip(data: bytes) -> str:
    try:
        names = ZipFile(BytesIO(data)).namelist()
    except BadZipFile:  # cut short, or not a ZIP archive at all
        return UNKNOWN_ZIP
    for mime_type, kind in MIME_TYPES:
        if mime_type in data[:200]:  # the first entry of an OpenDocument file, which is not compressed
            return kind
    return next((kind for part, kind in PARTS_IN_ZIP if any(name.startswith(part) for name in names)), "a ZIP archive")
