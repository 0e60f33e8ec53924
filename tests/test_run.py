"""`./run`: what it says to a person, and that it does nothing twice. Installing itself is proven by each run of the suite."""

import importlib.machinery
import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).resolve().parents[1] / "run"


def loaded(path: Path) -> ModuleType:
    """The script as a module."""
    loader = importlib.machinery.SourceFileLoader("run", str(path))
    script = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        loader.exec_module(script)
    return script


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, whose `.venv`, workspaces and translations are those of an empty folder."""
    script = loaded(RUN)
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(script, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return script


def spoken(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, RUN, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_names_every_word(word):
    said = spoken(word)
    assert said.returncode == 0
    for each in ("init", "serve", "amanat", "test", "lint", "bench", "lock"):
        assert f"./run {each}" in said.stdout


@pytest.mark.parametrize(
    "words", [["sevre"], ["--prot", "8001"], ["--port", "many"], ["--port", "70000"], ["demo", "x"]]
)
def test_a_slip_is_answered_with_the_words_and_not_with_a_traceback(words):
    said = spoken(*words)
    assert said.returncode == 1
    assert "is no word of ./run" in said.stderr
    assert "./run lint" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_port_may_be_said_with_a_space_or_an_equals_sign(run):
    assert [run.port_of([]), run.port_of(["--port", "8123"]), run.port_of(["--port=8123"])] == [8000, 8123, 8123]


def test_a_taken_port_is_said_before_anything_is_installed(run, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit):
            run.demo(["--port", str(other.getsockname()[1])])
    assert "is taken" in capsys.readouterr().err
    assert not run.VENV.exists()


def test_a_folder_without_a_workspace_is_not_served(run, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run.serve([str(tmp_path / "office")])
    assert f"./run init {tmp_path / 'office'}" in capsys.readouterr().err


def test_a_full_disk_is_said_before_anything_is_installed(run, monkeypatch, capsys):
    monkeypatch.setattr(run, "NEEDED_BYTES", 2**70)
    with pytest.raises(SystemExit):
        run.make_venv()
    assert "The disk is nearly full" in capsys.readouterr().err


def test_a_python_without_venv_names_the_package_to_install(run, monkeypatch, capsys):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit):
        run.make_venv()
    assert "apt-get install python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("program_says", "we_say"),
    [
        ("dns error: failed to lookup address information", "can't be reached"),
        ("[Errno 28] No space left on device", "The disk is full"),
        ("Hash mismatch for `six==1.17.0`", "not the one that was locked"),
    ],
)
def test_a_failing_step_says_why_in_a_sentence(run, capsys, program_says, we_say):
    with pytest.raises(SystemExit):
        run.step([sys.executable, "-c", f"import sys; sys.exit({program_says!r})"], "It could not be done.")
    said = capsys.readouterr().err
    assert said.startswith("It could not be done.")
    assert we_say in said


def test_a_virtual_environment_whose_python_became_another_version_is_made_anew(run, tmp_path):
    run.PYTHON.parent.mkdir(parents=True)
    (tmp_path / "python3.99").touch()
    run.PYTHON.symlink_to(tmp_path / "python3.99")
    assert not run.venv_stands()
    (run.VENV / "lib" / "python3.99").mkdir(parents=True)
    assert run.venv_stands()


def test_static_files_are_gathered_once_for_each_state_of_them(run, tmp_path, monkeypatch):
    sheet = tmp_path / "src" / "amanat" / "web" / "static" / "sheet.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("a {}")
    monkeypatch.setattr(run, "REQUIREMENTS", tmp_path)
    (tmp_path / "base.lock").touch()
    gathered = []
    monkeypatch.setattr(run, "step", lambda command, *_others: gathered.append(command))
    run.collect_static(tmp_path)
    run.collect_static(tmp_path)
    assert len(gathered) == 1
    sheet.write_text("b {}")
    run.collect_static(tmp_path)
    assert len(gathered) == 2


def test_a_translation_is_compiled_when_it_is_newer(run, tmp_path):
    source, made = tmp_path / "django.po", tmp_path / "django.mo"
    source.touch()
    assert run.is_newer(source, made)
    made.touch()
    os.utime(source, (1, 1))
    assert not run.is_newer(source, made)
