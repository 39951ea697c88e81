"""Previews of a store are made once, and go with the files they are of."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from archiver.practice.errors import AttachmentMissing
from archiver.practice.previews import FOLDER, MAX_OF_FILE, stored_previews
from archiver.practice.store import PracticeStore, open_store
from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.model.identity import Traits
from formats.model.imaging import ImageFile, ImageKind
from formats.model.people import Patient, Practice
from formats.previews.maker import shared_maker
from formats.previews.preview import Preview, PreviewAbsence
from formats.reading import FileBody


def picture(size: tuple[int, int] = (64, 32)) -> bytes:
    target = io.BytesIO()
    Image.effect_noise(size, 40).save(target, "PNG")
    return target.getvalue()


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """Have the process start as this test runs: one of an earlier test may read less (another user, another folder)."""
    shared_maker().stop()


def body(data: bytes, media_type: str = "image/png") -> FileBody:
    digest = hashlib.sha256(data).hexdigest()
    return FileBody(
        attachment=Attachment(sha256=digest, size=len(data), media_type=media_type),
        open=lambda: io.BytesIO(data),
    )


def put(store: PracticeStore, *bodies: FileBody) -> list[Attachment]:
    with store.changing():
        store.put(Practice(id="p", name="Cabinet"))
        store.put(Patient(id="a", practice="p", traits=Traits()))
        for number, one in enumerate(bodies):
            store.keep_file(one)
            store.put(
                ImageFile(id=f"i{number}", patient="a", image=ImageKind.OTHER, attachment=one.attachment)
            )
    return [one.attachment for one in bodies]


def lying(path: Path) -> list[Path]:
    return sorted(one for one in (path.with_suffix(".files") / FOLDER).rglob("*") if one.is_file())


def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    maker = shared_maker()
    make = maker.make
    monkeypatch.setattr(
        maker, "make", lambda stream, file, view: made.append(file.sha256) or make(stream, file, view)
    )
    return made


def test_a_preview_is_made_once_and_again_where_it_was_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = calls(monkeypatch)
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        whole, cut = put(store, body(picture()), body(picture()[:90]))
        previews = stored_previews(store.attachments)
        first = previews(whole, PictureView())
        assert isinstance(first, Preview)
        assert previews(cut, PictureView()) is PreviewAbsence.DAMAGED
        assert len(made) == 2
        assert previews(whole, PictureView()) == first
        assert previews(cut, PictureView()) is PreviewAbsence.DAMAGED
        assert len(made) == 2
        turned = previews(whole, PictureView(rotation=90))
        assert isinstance(turned, Preview)
        assert (turned.width, turned.height) == (32, 64)
        for one in lying(path):
            one.write_bytes(b"\xff\xd8 damaged")
        assert previews(whole, PictureView()) == first
        assert len(made) == 4
    if hasattr(os, "getuid"):
        assert {one.stat().st_mode & 0o777 for one in lying(path)} == {0o600}


def test_as_many_views_of_a_file_as_there_are_lie_there_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        (whole,) = put(store, body(picture()))
        for turn in range(MAX_OF_FILE + 2):
            assert isinstance(stored_previews(store.attachments)(whole, PictureView(rotation=turn)), Preview)
            assert len(lying(path)) <= MAX_OF_FILE


def test_a_missing_file_is_said_and_a_file_that_is_no_picture_is_not_opened(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        previews = stored_previews(store.attachments)
        with pytest.raises(AttachmentMissing):
            previews(body(b"x").attachment, PictureView())
        assert previews(body(b"x", "text/plain").attachment, PictureView()) is PreviewAbsence.FORMAT
        assert previews(body(b"").attachment, PictureView()) is PreviewAbsence.EMPTY


def test_a_preview_goes_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        whole, other = put(store, body(picture()), body(picture((16, 16))))
        for one in (whole, other):
            stored_previews(store.attachments)(one, PictureView())
        assert len(lying(path)) == 2
        with store.changing():
            store.db.execute("DELETE FROM image_files WHERE attachment_sha256 = ?", (whole.sha256,))
            store.db.execute("DELETE FROM files WHERE sha256 = ?", (whole.sha256,))
            store.remove_unlisted([whole.sha256, other.sha256])
        assert [one.name[:64] for one in lying(path)] == [other.sha256]


def test_previews_of_files_that_nobody_lists_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        (whole,) = put(store, body(picture()))
        stored_previews(store.attachments)(whole, PictureView())
        folder = path.with_suffix(".files") / FOLDER / "ab"
        folder.mkdir()
        for name in (f"{'ab' * 32}.0123", f".{'ab' * 32}.0123.ffffffff.part"):
            (folder / name).write_bytes(b"left")
        with store.changing():
            assert store.sweep() == 0
        assert [one.name[:64] for one in lying(path)] == [whole.sha256]
        assert not folder.exists()


def test_where_nobody_can_write_a_preview_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        (whole,) = put(store, body(picture()))
        (path.with_suffix(".files") / FOLDER).write_bytes(b"a file in place of the folder")
        assert isinstance(stored_previews(store.attachments)(whole, PictureView()), Preview)


def test_what_is_made_of_other_bytes_than_the_digest_says_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(path, create=True) as store:
        whole, other = put(store, body(picture()), body(picture((40, 40))))
        previews = stored_previews(store.attachments)
        place = store.attachments.path(whole.sha256)
        content = place.read_bytes()
        place.write_bytes(content[:90])
        assert previews(whole, PictureView()) is PreviewAbsence.DAMAGED
        place.write_bytes(store.attachments.path(other.sha256).read_bytes())
        wrong = previews(whole, PictureView())
        assert isinstance(wrong, Preview) and (wrong.width, wrong.height) == (40, 40)
        place.write_bytes(content)
        right = previews(whole, PictureView())
        assert isinstance(right, Preview) and (right.width, right.height) == (64, 32)
        assert len(lying(path)) == 1
