"""A pack as the rest of the house sees it: loaded with everything that it extends, or refused with every fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.packs import manifest as manifests
from amanat.packs.advice import ADVICE, Card
from amanat.packs.calendars import CALENDARS, NamedCalendar
from amanat.packs.code_names import CODE_NAMES, Choose, CodeNames, NoCodeNameLeft, Taken, none_taken
from amanat.packs.codes import CODES, CodeList, UnknownCodeList
from amanat.packs.countries import COUNTRIES, Countries
from amanat.packs.directory import DIRECTORY, Services
from amanat.packs.faults import Fault, FaultyPack
from amanat.packs.fields import FIELDS, Field, FieldSection, UnknownField
from amanat.packs.indicators import INDICATORS, IndicatorList
from amanat.packs.languages import Languages
from amanat.packs.loaders import SECTIONS, Section, Source
from amanat.packs.manifest import Manifest
from amanat.packs.retention import RETENTION, Period

T = TypeVar("T")

_PAPERS: Final = ("README", "LICENSE", "LICENCE")
"""What may lie beside the data for people to read; no loader looks at it."""


@dataclass(frozen=True, eq=False)
class Pack:
    """One pack with all that it extends. `folders` go from the base to the pack itself; `said`: which parts of which section each says."""

    manifest: Manifest
    folders: tuple[Path, ...]
    parts: Mapping[str, Mapping[str, Any]]
    said: Mapping[Path, Mapping[str, frozenset[str]]]

    def part(self, section: Section[T]) -> Mapping[str, T]:
        """Give what one loader read from the pack and from those that it extends, by name."""
        return self.parts.get(section.name, {})

    def codes(self, name: str) -> CodeList:
        """Give a code list.

        Raises:
            UnknownCodeList: the pack has none of that name.
        """
        try:
            return self.part(CODES)[name]
        except KeyError:
            raise UnknownCodeList(name) from None

    def sections(self) -> list[FieldSection]:
        """Give the sections of fields in their order."""
        return sorted(self.part(FIELDS).values(), key=lambda section: (section.order, section.name))

    def field(self, name: str) -> Field:
        """Give a field by its name.

        Raises:
            UnknownField: the pack has none of that name.
        """
        try:
            return self._fields[name]
        except KeyError:
            raise UnknownField(name) from None

    @cached_property
    def _fields(self) -> Mapping[str, Field]:
        return {field.name: field for section in self.sections() for field in section.fields}

    @cached_property
    def countries(self) -> Countries:
        """Give the countries as the pack names them."""
        return Countries(self.part(COUNTRIES))

    @cached_property
    def languages(self) -> Languages:
        """Give the languages that people speak, as the pack names them."""
        return Languages(self.codes("language"))

    @property
    def retention(self) -> Mapping[str, Period]:
        """Give the periods of keeping by name."""
        return self.part(RETENTION)

    @property
    def calendars(self) -> Mapping[str, NamedCalendar]:
        """Give the calendars beside that of the country, by name."""
        return self.part(CALENDARS)

    @property
    def indicators(self) -> Mapping[str, IndicatorList]:
        """Give the lists of indicators by name."""
        return self.part(INDICATORS)

    @property
    def advice(self) -> list[Card]:
        """Give the advice cards in their order, also those that are no longer offered."""
        return [card for told in self.part(ADVICE).values() for card in told.cards]

    @cached_property
    def services(self) -> Services:
        """Give the directory of organisations and what they offer."""
        return Services(self.part(DIRECTORY))

    @property
    def code_names(self) -> CodeNames:
        """Give the word lists for code names.

        Raises:
            NoCodeNameLeft: neither the pack nor one that it extends has any.
        """
        words = self.part(CODE_NAMES).get("words")
        if words is None:
            raise NoCodeNameLeft
        return words


@dataclass(frozen=True, slots=True)
class _Layer:
    folder: Path
    manifest: Manifest


def check(folder: Path, known: Sequence[Path] = ()) -> list[Fault]:
    """Tell every fault of a pack and of those that it extends, sorted by file. An empty list means: it loads."""
    return checked(folder, known)[1]


def checked(folder: Path, known: Sequence[Path] = ()) -> tuple[Pack | None, list[Fault]]:
    """Give the pack with what `check` tells of it."""
    pack, faults = _read(folder, known)
    if pack is not None and not faults:
        faults = [fault for section in SECTIONS.values() if section.trial for fault in _tried(section, pack)]
    return pack, sorted(faults)


def _tried(section: Section[Any], pack: Pack) -> Iterator[Fault]:
    """What shows only when a part is used. What a pack that comes with Amanat says was tried before it came."""
    assert section.trial
    unproved = [layer for layer in pack.folders if layer == pack.folders[-1] or layer.parent != settings.SHIPPED_PACKS]
    own = {name for layer in unproved for name in pack.said[layer].get(section.name, ())}
    for name, part in pack.part(section).items():
        if name in own:
            yield from section.trial(part)


def load(folder: Path, known: Sequence[Path] = ()) -> Pack:
    """Load a pack. What it extends is looked for beside its folder and among the `known` folders.

    Raises:
        FaultyPack: with every fault, as `check` tells them.
    """
    pack, faults = _read(folder, known)
    if faults or pack is None:
        raise FaultyPack(sorted(faults))
    return pack


def current() -> Pack:
    """Give the workspace's pack: the last folder of `AMANAT_PACKS`; the folders before it are those it may extend.

    Read once a process. Raises what `load` raises.
    """
    return _loaded(workspace_folders(), tuple(SECTIONS))


def workspace_folders() -> tuple[Path, ...]:
    """Give the folders of the packs that the workspace uses, from the base up."""
    return _as_paths(tuple(settings.AMANAT_PACKS))


@lru_cache(maxsize=8)
def _as_paths(folders: tuple[Path | str, ...]) -> tuple[Path, ...]:
    """Ten fields of each row of an import ask for the pack: making the paths each time would be a tenth of the work."""
    return tuple(Path(folder) for folder in folders)


def draw_code_names(count: int, choose: Choose, taken: Taken = none_taken) -> list[str]:
    """Draw free code names from the word lists of the workspace's pack; see `CodeNames.draw`."""
    return current().code_names.draw(count, choose, taken)


@lru_cache(maxsize=8)
def _loaded(folders: tuple[Path, ...], sections: tuple[str, ...]) -> Pack:
    # `sections` is in the key only: a room that registers a loader later must find what it reads.
    return load(folders[-1], folders[:-1])


def _read(folder: Path, known: Sequence[Path]) -> tuple[Pack | None, list[Fault]]:
    faults: list[Fault] = []
    layers = _layers(folder.resolve(), known, faults)
    parts: dict[str, dict[str, Any]] = {}
    said: dict[Path, Mapping[str, frozenset[str]]] = {}
    for layer in layers:
        own_parts = _own_parts(layer, faults)
        said[layer.folder] = {name: frozenset(own) for name, own in own_parts.items()}
        for name, own in own_parts.items():
            parts[name] = SECTIONS[name].layered(parts.get(name, {}), own)
        _check_parts(layer, own_parts, parts, faults)
    if not layers:
        return None, faults
    return Pack(layers[-1].manifest, tuple(layer.folder for layer in layers), parts, said), faults


def _layers(folder: Path, known: Sequence[Path], faults: list[Fault]) -> list[_Layer]:
    """Follow `extends` down to the base; give the layers from the base up."""
    layers: list[_Layer] = []
    wanted: Path | None = folder
    while wanted is not None:
        manifest = manifests.read_manifest(wanted, faults)
        if manifest is None:
            break
        if layers:
            _check_languages(layers[-1], manifest, faults)
        layers.append(_Layer(wanted, manifest))
        wanted = _base(layers, known, faults)
    return layers[::-1]


def _base(layers: Sequence[_Layer], known: Sequence[Path], faults: list[Fault]) -> Path | None:
    top = layers[-1]
    extends = top.manifest.extends
    if not extends:
        return None
    source = Source(top.folder / manifests.FILE, top.folder, (), faults)
    if extends in {layer.folder.name for layer in layers}:
        chain = " → ".join([*(layer.folder.name for layer in layers), extends])
        source.fault("extends", _("The packs extend each other: %(chain)s.") % {"chain": chain}, _("Break the circle."))
        return None
    places = [top.folder.parent / extends, *(place.resolve() for place in known if place.name == extends)]
    found = next((place for place in places if Path(extends).name == extends and place.is_dir()), None)
    if found is None:
        source.fault(
            "extends",
            _("There is no pack %(name)s here.") % {"name": extends},
            _("Put its folder beside this one, or mend the name."),
        )
    return found


def _check_languages(upper: _Layer, base: Manifest, faults: list[Fault]) -> None:
    missing = [language for language in upper.manifest.languages if language not in base.languages]
    if missing:
        Source(upper.folder / manifests.FILE, upper.folder, (), faults).fault(
            "languages",
            _("The pack %(base)s has no texts in: %(missing)s.") % {"base": base.name, "missing": ", ".join(missing)},
            _("Translate that pack first, or take the language out."),
        )


def _own_parts(layer: _Layer, faults: list[Fault]) -> dict[str, Mapping[str, Any]]:
    """Let every loader read its file or folder of one layer; what nobody reads is a fault."""
    parts: dict[str, Mapping[str, Any]] = {}
    for path in sorted(layer.folder.iterdir()):
        source = Source(path, layer.folder, layer.manifest.languages, faults)
        if path.is_symlink():
            source.fault("", _("A pack may not point out of its folder."), _("Put the file itself here."))
        elif section := SECTIONS.get(path.name):
            parts[path.name] = section.read(source)
        elif not _is_known(path):
            source.fault(
                "",
                _("Nothing in Amanat reads this."),
                _("Take it out, or name it like one of: %(names)s.") % {"names": ", ".join(sorted(SECTIONS))},
            )
    return parts


def _check_parts(
    layer: _Layer,
    own_parts: Mapping[str, Mapping[str, Any]],
    parts: Mapping[str, Mapping[str, Any]],
    faults: list[Fault],
) -> None:
    for name, own in own_parts.items():
        if check := SECTIONS[name].check:
            check(Source(layer.folder / name, layer.folder, layer.manifest.languages, faults), own, parts)


def _is_known(path: Path) -> bool:
    return path.name.startswith(".") or path.stem.upper() in _PAPERS
