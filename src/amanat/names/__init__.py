"""How names, phones and document numbers of four languages and two scripts are compared and put in order.

Pure Python without Django: text in, text out. Nothing here reads a file, knows a person or keys a hash (`vault` does).
"""

from amanat.names.folding import FOLD_VERSION, fold, tokens
from amanat.names.numbers import PHONE_TAIL, document_key, phone_digits
from amanat.names.sorting import SortKey, sort_key

__all__ = ["FOLD_VERSION", "PHONE_TAIL", "SortKey", "document_key", "fold", "phone_digits", "sort_key", "tokens"]
