"""Forms of a delivery: each has its module, and its options are taken for it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from archiver.cli.options.delivery.delivery import TablesOptions
from archiver.cli.options.delivery.forms import NETWORK, DeliveryForm, form_runner, own_options
from archiver.cli.terminal.usage_errors import SayHow


@dataclass(frozen=True, kw_only=True, slots=True)
class ZipOptions:
    form: ClassVar[DeliveryForm] = DeliveryForm.ZIP
    two_words: bool = False


def test_every_form_has_a_module_that_writes_it() -> None:
    assert len(DeliveryForm) > 2
    for module in (NETWORK, *(form.module for form in DeliveryForm)):
        assert callable(form_runner(module)), module


def test_a_form_gets_its_own_options_and_no_other() -> None:
    tables = TablesOptions(xlsx=True)
    assert own_options(DeliveryForm.TABLES, (ZipOptions(), tables)) is tables
    assert own_options(DeliveryForm.FOLDER, (ZipOptions(), TablesOptions())) is None
    with pytest.raises(SayHow, match="--two-words is for --as zip alone"):
        own_options(DeliveryForm.TABLES, (ZipOptions(two_words=True), tables))
