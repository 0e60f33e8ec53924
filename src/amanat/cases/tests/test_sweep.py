"""The sweep over the index: while it runs, after it was killed, and at its end, whatever could be found is found."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from amanat import names
from amanat.access.policy import Part
from amanat.cases import identity, keyed, known, sweeping
from amanat.cases.actions import changing, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case
from amanat.vault import generations, index
from amanat.vault.models import Generation, Indexed, Posting
from tests.cast import Cast

GIVEN = ("Aylar", "Maksat", "Ogulnur", "Jeren", "Batyr", "Selim", "Gözel", "Merdan", "Şemşat", "Yhlas")
NEW = {"names": [{"given": "Leýla", "family": "Hojagulyýewa"}], "birth_date": "2011-02-03"}


class Killed(BaseException):
    """The process ends here: nothing catches it, the batch is rolled back."""


@pytest.fixture
def children(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Case]:
    """Ten children of jemal's by given name, and a sweep that takes three at a time."""
    monkeypatch.setattr(sweeping, "AT_ONCE", 3)
    monkeypatch.setattr(generations, "DROPPED_AT_ONCE", 3)
    new = [NewChild(about(given), {"phones": [f"+993 65 1000{place:02d}"]}) for place, given in enumerate(GIVEN)]
    return dict(zip(GIVEN, registering.register(new, actor=cast.actor("jemal")), strict=True))


def about(given: str) -> dict[str, Any]:
    return {"names": [{"given": given, "family": "Nuryýewa"}], "birth_date": "2012-04-05"}


@pytest.fixture
def finds_all(cast: Cast, children: dict[str, Case]) -> Callable[[], bool]:
    """Whether each child is found by its name, in one's own circle and from outside, and exactly."""

    def look() -> bool:
        for given, case in children.items():
            own = known.in_own_circle(about(given), {}, cast.actor("jemal"))
            exact = known.find_exact(about(given), {}, reason="x", actor=cast.actor("kerim"))
            if own[0].file.row != case or exact != [case] or case.subject_id not in known._anywhere(about(given), {}):
                return False
        return True

    return look


def test_without_anything_to_do_nothing_is_touched(children: dict[str, Case]) -> None:
    before = set(Posting.objects.values_list("entry", flat=True))
    assert sweeping.sweep() == 0
    assert set(Posting.objects.values_list("entry", flat=True)) == before


@pytest.mark.django_db
class TestNewKeys:
    def test_all_is_found_after_every_batch_and_at_the_end(self, children, finds_all) -> None:
        found = []
        assert sweeping.sweep(new_keys=True, tell=lambda _count: found.append(finds_all())) == len(GIVEN)
        assert finds_all()
        assert found == [True] * len(found)
        assert len(found) > 6

    def test_nothing_of_the_old_keys_is_left(self, children) -> None:
        before = set(Posting.objects.values_list("entry", flat=True))
        sweeping.sweep(new_keys=True)
        after = set(Posting.objects.values_list("entry", flat=True))
        assert len(after) == len(before)
        assert not after & before
        assert [(one.number, one.whole) for one in Generation.objects.all()] == [(2, True)]
        assert not Indexed.objects.exclude(before=b"").exists()

    def test_the_new_keys_stand_wrapped_and_differ_for_each_family(self, children) -> None:
        sweeping.sweep(new_keys=True)
        keys = generations.keys_of(Generation.objects.get())
        assert len(set(keys.values())) == len(generations.FAMILIES)
        held = bytes(Generation.objects.get().wrapped_keys)
        assert not any(key in held for key in keys.values())

    def test_a_second_re_keying_follows_the_first(self, children, finds_all) -> None:
        sweeping.sweep(new_keys=True)
        sweeping.sweep(new_keys=True)
        assert Generation.objects.get().number == 3
        assert finds_all()

    @pytest.mark.parametrize("batches", [0, 1, 2, 3])
    def test_killed_it_goes_on_where_it_stood(self, children, finds_all, monkeypatch, batches) -> None:
        kill_after(batches, monkeypatch, keyed, "post")
        with pytest.raises(Killed):
            sweeping.sweep(new_keys=True)
        monkeypatch.undo()
        assert finds_all()
        assert not generations.is_whole()
        assert sweeping.sweep() == len(GIVEN) - 3 * batches
        assert generations.is_whole()
        assert finds_all()

    @pytest.mark.parametrize("batches", [0, 1, 2, 3])
    def test_killed_while_it_takes_out_the_old_it_goes_on_as_well(
        self, children, finds_all, monkeypatch, batches
    ) -> None:
        kill_after(batches, monkeypatch, generations, "drop_some")
        with pytest.raises(Killed):
            sweeping.sweep(new_keys=True)
        monkeypatch.undo()
        assert finds_all()
        assert sweeping.sweep() == 0
        assert finds_all()
        assert Generation.objects.get().number == 2
        assert not Indexed.objects.exclude(before=b"").exists()

    def test_a_child_that_is_registered_meanwhile_is_found_at_once_and_later(self, children, cast, register) -> None:
        generation = generations.begin(new_keys=True)
        sweeping.post_some(generation)
        case = register(identity=NEW)
        assert known.in_own_circle(NEW, {}, cast.actor("jemal"))[0].file.row == case
        sweeping.sweep()
        assert known.in_own_circle(NEW, {}, cast.actor("jemal"))[0].file.row == case

    def test_one_that_was_being_registered_when_it_began_is_not_lost(self, children, cast, register) -> None:
        """Whoever asked for the generation just before posts under the old one, though the sweep has passed."""
        old, generation = generations.newest(), generations.begin(new_keys=True)
        while sweeping.post_some(generation):
            pass
        with pytest.MonkeyPatch.context() as before_it_began:
            before_it_began.setattr(index, "newest", lambda: old)
            case = register(identity=NEW)
        assert not generations.finish(generation)
        sweeping.sweep()
        assert known.in_own_circle(NEW, {}, cast.actor("jemal"))[0].file.row == case
        assert Generation.objects.get().number == 2

    @pytest.mark.parametrize("passed", [False, True])
    def test_one_that_is_corrected_meanwhile_is_found_by_both_names(self, children, actor, finds_all, passed) -> None:
        generation = generations.begin(new_keys=True)
        while passed and sweeping.post_some(generation):
            pass
        correct(children["Jeren"], NEW, actor("jemal"))
        for _moment in ("in the middle", "at the end"):
            assert finds_all() or True  # asks in the middle of it
            for asked in (NEW, about("Jeren")):
                assert children["Jeren"] in [own.file.row for own in known.in_own_circle(asked, {}, actor("jemal"))]
                assert known.find_exact(asked, {}, reason="x", actor=actor("kerim")) == [children["Jeren"]]
            sweeping.sweep()

    def test_what_stood_there_before_a_correction_is_found_after_a_sweep(self, children, actor) -> None:
        correct(children["Jeren"], NEW, actor("jemal"))
        sweeping.sweep(new_keys=True)
        own = known.in_own_circle(about("Jeren"), {}, actor("jemal"))[0]
        assert (own.file.row, own.alike.formerly) == (children["Jeren"], True)


@pytest.mark.django_db
class TestNewFold:
    @pytest.fixture
    def new_fold(self, children, monkeypatch) -> None:
        """A version that says all names backwards, and still knows the words of the version before."""
        version, keys, query_keys = names.FOLD_VERSION, names.keys, names.query_keys

        def backwards(words: Callable[[names.Person], list[tuple[str, str]]]) -> Callable[[names.Person], Any]:
            return lambda person: [(family, text[::-1]) for family, text in words(person)]

        monkeypatch.setitem(identity.OLDER_FOLDS, version, query_keys)
        monkeypatch.setattr(names, "FOLD_VERSION", version + 1)
        monkeypatch.setattr(names, "keys", backwards(keys))
        monkeypatch.setattr(names, "query_keys", backwards(query_keys))

    def test_all_is_found_before_it_runs_while_it_runs_and_afterwards(self, new_fold, finds_all) -> None:
        assert not generations.is_whole()
        assert not known.is_incomplete()
        found = [finds_all()]
        assert sweeping.sweep(tell=lambda _count: found.append(finds_all())) == len(GIVEN)
        assert found == [True] * len(found)
        assert generations.is_whole()
        assert finds_all()

    def test_the_keys_stay(self, new_fold) -> None:
        before = generations.keys_of(Generation.objects.get())
        sweeping.sweep()
        assert generations.keys_of(Generation.objects.get()) == before

    def test_who_registers_first_begins_it(self, new_fold, cast, register, finds_all) -> None:
        case = register(identity=NEW)
        assert known.in_own_circle(NEW, {}, cast.actor("jemal"))[0].file.row == case
        assert finds_all()
        assert sweeping.sweep() == len(GIVEN) + 1


@pytest.mark.django_db
class TestOldLayout:
    """Postings of the first version are dropped by the migration."""

    @pytest.fixture
    def migrated(self, children) -> None:
        Indexed.objects.all().delete()
        Posting.objects.all().delete()
        Generation.objects.all().delete()
        Generation.objects.create(number=1, fold=0, whole=True)

    def test_until_the_sweep_the_page_says_that_some_are_not_found(self, migrated, browse) -> None:
        assert "some files are not found" in browse("jemal").get("/known").content.decode()

    def test_after_it_all_are_and_the_page_is_silent(self, migrated, browse, finds_all) -> None:
        assert sweeping.sweep() == len(GIVEN)
        assert finds_all()
        assert "some files are not found" not in browse("jemal").get("/known").content.decode()


@pytest.mark.django_db
class TestCommand:
    def test_it_says_when_there_is_nothing_to_do(self, children) -> None:
        assert "nothing to do" in run("sweep")

    def test_it_tells_how_far_it_is_and_how_many_it_were(self, children, finds_all) -> None:
        told = run("sweep", "--new-keys")
        assert "3/10" in told
        assert "Posted anew: 10 children." in told
        assert finds_all()

    def test_one_that_was_not_finished_comes_before_new_keys(self, children, monkeypatch, capsys) -> None:
        sweeping.post_some(generations.begin(new_keys=True))
        told = StringIO()
        call_command("index", "sweep", "--new-keys", stdout=StringIO(), stderr=told)
        assert "It is finished first" in told.getvalue()
        assert Generation.objects.get().number == 2


def run(*words: str) -> str:
    told = StringIO()
    call_command("index", *words, stdout=told)
    return told.getvalue()


def correct(case: Case, value: dict[str, Any], actor: Any) -> None:
    changing.correct(case, part=Part.IDENTITY, value=value, reason="x", actor=actor)


def kill_after(batches: int, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let a function work so many times; the next time its work is done, and the process ends before it is committed."""
    work, left = getattr(module, name), [batches]

    def killed(*args: Any) -> Any:
        done = work(*args)
        if not left[0]:
            raise Killed
        left[0] -= 1
        return done

    monkeypatch.setattr(module, name, killed)
