"""Country packs: folders of data that say how one country names, counts and keeps things. Loading and checking them.

A pack holds no code and can run none: it is read with a TOML parser and nothing else. What stands in which file is told
in `README.md` beside this module. Rooms on higher floors add the files that they read with `loaders.register`.
"""

from amanat.packs.code_names import CodeNames, NoCodeNameLeft
from amanat.packs.codes import Code, CodeList, UnknownCode, UnknownCodeList
from amanat.packs.countries import Countries
from amanat.packs.faults import Fault, FaultyPack
from amanat.packs.fields import Field, FieldSection, UnknownField
from amanat.packs.labels import Label
from amanat.packs.languages import Languages
from amanat.packs.loaders import Section, Source, register
from amanat.packs.manifest import Manifest
from amanat.packs.pack import Pack, check, current, draw_code_names, load, workspace_folders
from amanat.packs.retention import Period

__all__ = [
    "Code",
    "CodeList",
    "CodeNames",
    "Countries",
    "Fault",
    "FaultyPack",
    "Field",
    "FieldSection",
    "Label",
    "Languages",
    "Manifest",
    "NoCodeNameLeft",
    "Pack",
    "Period",
    "Section",
    "Source",
    "UnknownCode",
    "UnknownCodeList",
    "UnknownField",
    "check",
    "current",
    "draw_code_names",
    "load",
    "register",
    "workspace_folders",
]
