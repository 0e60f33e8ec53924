"""How names, phones and document numbers of four languages and two scripts are compared and put in order.

Pure Python without Django: text in, text out. Nothing here reads a file or keys a hash (`vault` does).
"""

from amanat.names.cards import card, from_card
from amanat.names.comparing import Likeness, likeness, threshold
from amanat.names.features import Feature, keys, query_keys
from amanat.names.folding import FOLD_VERSION, fold, tokens
from amanat.names.hearing import forget
from amanat.names.numbers import PHONE_TAIL, document_key, phone_digits
from amanat.names.people import Name, Person, Prepared, prepare
from amanat.names.skeletons import deletions, readings, skeleton
from amanat.names.sorting import SortKey, sort_key

__all__ = [
    "FOLD_VERSION",
    "PHONE_TAIL",
    "Feature",
    "Likeness",
    "Name",
    "Person",
    "Prepared",
    "SortKey",
    "card",
    "deletions",
    "document_key",
    "fold",
    "forget",
    "from_card",
    "keys",
    "likeness",
    "phone_digits",
    "prepare",
    "query_keys",
    "readings",
    "skeleton",
    "sort_key",
    "threshold",
    "tokens",
]
