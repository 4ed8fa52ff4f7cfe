"""Output ends at its limits: cut with a note, or a failure of class limit; the server's memory hardly grows
(hostile_groups.py looks)."""

import pytest
from hostile_groups import Groups

LOG_BYTES = 70_000

FLOODS = {
    "many_prints_are_cut": "for number in range(300_000):\n    print('line', number)",
    "a_long_print_is_cut": "print('x' * 30_000_000)",
    "many_empty_prints_are_cut": "for _ in range(300_000):\n    print()",
    "a_print_of_a_huge_repr_is_cut": "print(list(range(1_000_000)))",
    "a_print_of_a_class_of_ones_own_is_cut": (
        "class Long:\n    def __str__(self):\n        return 'y' * 30_000_000\nprint(Long())"
    ),
    "control_characters_are_text": "print('\\x1b[2J\\x00\\r\\x07' * 100)",
    "half_characters_are_replaced": "print('\\ud800' * 100)",
    "a_reason_of_megabytes_is_cut": "signal('BUY', data.index[3], 1.0, 'x' * 20_000_000)",
    "a_reason_of_half_characters_is_replaced": "signal('BUY', data.index[3], 1.0, '\\udfff' * 5_000)",
    "an_icon_of_megabytes_is_cut": "signal('BUY', data.index[3], 1.0, 'x', 'y' * 20_000_000)",
    "a_hundred_plots_are_cut": "for number in range(100):\n    plot(data['close'], f'plot {number}')",
    "a_thousand_plots_of_one_name_are_cut": "for number in range(1000):\n    plot(data['close'], 'same')",
    "a_plot_with_a_name_of_megabytes_is_cut": "plot(data['close'], 'n' * 20_000_000)",
    "a_plot_with_a_colour_of_megabytes_is_cut": "plot(data['close'], 'n', color='c' * 20_000_000)",
    "a_plot_of_infinities_has_gaps": "plot(data['close'] / 0, 'infinite')",
    "many_warnings_are_few": (
        "for number in range(5000):\n    modules['warnings'].warn(f'warning {number}', UserWarning)"
    ),
    "many_signals_at_one_bar_are_one": (
        "for _ in range(20_000):\n    signal('BUY', data.index[3], 1.0, 'again')"
    ),
    "signals_of_every_bar_are_kept_within_the_limit": (
        "for at in data.index:\n    signal('BUY', at, 1.0, 'x' * 9_000)\n    signal('SELL', at, 1.0, 'y' * 9_000)"
    ),
    "an_exception_of_megabytes_is_cut": "raise ValueError('x' * 30_000_000)",
    "an_exception_with_a_name_of_megabytes_is_cut": "raise type('E' * 10_000_000, (Exception,), {})('x')",
    "an_exception_that_cannot_be_told_is_named": (
        "class Mute(Exception):\n    def __str__(self):\n        raise self\nraise Mute()"
    ),
    "an_exception_that_never_ends_its_text_is_cut": (
        "class Long(Exception):\n    def __str__(self):\n        return 'z' * 30_000_000\nraise Long()"
    ),
    "a_thousand_causes_are_one_failure": (
        "error = ValueError('first')\nfor number in range(1000):\n    later = ValueError(str(number))\n"
        "    later.__cause__ = error\n    error = later\nraise error"
    ),
    "a_group_of_many_exceptions_is_one_failure": (
        "raise ExceptionGroup('all', [ValueError('x' * 1000)] * 10_000)"
    ),
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods(groups: Groups, name: str) -> None:
    answer = groups.program(FLOODS, name).answer
    assert answer.success or getattr(answer.failure, "class") in ("limit", "user"), answer.error
    assert sum(len(line) for line in answer.logs) < LOG_BYTES
    assert len(answer.logs) <= LOG_BYTES
    assert len(answer.error) < 9_000
    assert len(answer.result.plots) <= 20
    assert len(answer.SerializeToString()) < 9 << 20
