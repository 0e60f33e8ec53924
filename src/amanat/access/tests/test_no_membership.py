"""Whoever belongs to no agency at the moment is told so in words, and nothing else."""

from __future__ import annotations

from django.urls import reverse


def test_it_says_so_and_whom_to_ask(cast, browse, case):
    client = browse("jemal")
    cast["jemal"].until = cast.now
    cast["jemal"].save()
    answer = client.get(reverse("cases.file", args=[case]))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You have no place of work here at the moment" in page
    assert reverse("account_logout") in page
    assert case.child.code_name not in page


def test_it_is_the_same_for_what_there_is_not(cast, browse, case):
    client = browse("jemal")
    cast["jemal"].until = cast.now
    cast["jemal"].save()
    assert client.get(reverse("cases.caseload")).status_code == 403
