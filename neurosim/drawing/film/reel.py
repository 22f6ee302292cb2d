"""Frames as a film in a file."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, final

from neurosim.checks import finite_number, whole_number
from neurosim.errors import ArgumentError, MissingExtraError, ModelFileError
from neurosim.files import checked_path, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

__all__ = ["MOST_FRAMES", "Reel", "even"]

MOST_FRAMES = 1000
DPI = 100
FASTEST = 100.0
"""Frames per second; a .gif knows hundredths of a second."""


@final
class Reel:
    """Where a film goes, checked before anything is drawn.

    Parameters
    ----------
    path, fps : as the person gave them
    whose : str
        The function, for messages.
    """

    def __init__(self, path: Any, fps: Any, whose: str) -> None:
        self.file = checked_path(path, [".gif", ".mp4"], f"{whose}: path")
        self.fps = finite_number(fps, f"{whose}: fps", above=0)
        if self.fps > FASTEST:
            raise ArgumentError(f"{whose}: fps must be at most {FASTEST:g}; got {self.fps:g}.")
        self.whose = whose
        if self.file.suffix.lower() == ".mp4":
            self._require_ffmpeg()

    def _require_ffmpeg(self) -> None:
        from matplotlib.animation import FFMpegWriter

        if not FFMpegWriter.isAvailable():
            raise MissingExtraError(
                f"{self.whose}: an .mp4 needs the program ffmpeg, which was not found; install it "
                "(apt install ffmpeg, brew install ffmpeg, conda install ffmpeg), or write a .gif."
            )

    def require_few(self, frames: int, remedy: str) -> None:
        """Raise where the film would be too long for anybody."""
        if whole_number(frames, f"{self.whose}: frames", at_least=0) > MOST_FRAMES:
            raise ArgumentError(
                f"{self.whose}: a film has at most {MOST_FRAMES} frames; this one would have "
                f"{frames}. {remedy}"
            )

    @contextmanager
    def recording(self, figure: Figure) -> Iterator[Any]:
        """Give a function that takes the figure as it is for a frame; at the end write the film."""
        with TemporaryDirectory() as folder:
            draft = Path(folder) / f"film{self.file.suffix.lower()}"
            writer = self._writer()
            try:
                with writer.saving(figure, str(draft), DPI):
                    yield writer.grab_frame
            except subprocess.CalledProcessError as error:
                raise ModelFileError(
                    f"{str(self.file)!r} cannot be written: ffmpeg failed with exit status "
                    f"{error.returncode}; write a .gif."
                ) from None
            write_atomically(self.file, draft.read_bytes())

    def _writer(self) -> Any:
        from matplotlib.animation import FFMpegWriter, PillowWriter

        if self.file.suffix.lower() == ".gif":
            return PillowWriter(fps=self.fps)  # type: ignore[arg-type]
        # What every player can show; the flags leave the time of writing out.
        arguments = ["-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
        return FFMpegWriter(fps=self.fps, codec="libx264", extra_args=arguments)  # type: ignore[arg-type]


def even(inches: float) -> float:
    """Return a length of an even number of dots, which .mp4 asks for."""
    return 2 * round(inches * DPI / 2) / DPI
