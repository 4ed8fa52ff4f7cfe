"""What came of a hostile program, and what a test may ask of it."""

from dataclasses import dataclass

from strategiz_executor.generated import strategy_execution_pb2 as messages

Answer = messages.ExecuteStrategyResponse
LANGUAGE_CODES = ("not_available", "import_not_allowed", "syntax_error")


@dataclass(frozen=True)
class Outcome:
    """The answer to the execution that the program was in, and the lines that are the program's own."""

    answer: Answer
    lines: tuple[str, ...]
    seconds: float
    language_layer: bool

    def reached_nothing(self) -> None:
        """The program itself does not say that it got anywhere."""
        assert not [line for line in self.lines if "REACHED" in line], self.lines
        assert "REACHED" not in self.answer.error, self.answer.error

    def was_refused(self, *errors: str) -> None:
        """The program tried, and each try was refused: by the kernel (with one of `errors`, if given)."""
        if self._stopped_by_the_language():
            return
        tries = [line for line in self.lines if line.startswith("REFUSED")]
        assert tries, f"the program did not try: {self.answer.error} {self.lines}"
        for line in tries:
            assert not errors or line.rpartition(" ")[2] in errors, line

    def failed_by(self, *codes: str) -> None:
        """The execution ended with one of these failure codes."""
        if self._stopped_by_the_language():
            return
        assert not self.answer.success, self.lines
        assert self.answer.failure.code in codes, f"{self.answer.failure.code}: {self.answer.error}"

    def failed_or_ran_by(self, *codes: str) -> None:
        """The execution ended with one of these failure codes, or well."""
        if not self.answer.success:
            self.failed_by(*codes)

    def _stopped_by_the_language(self) -> bool:
        return self.language_layer and self.answer.failure.code in LANGUAGE_CODES
