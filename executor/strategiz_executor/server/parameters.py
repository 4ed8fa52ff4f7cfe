"""A job's parameters as one JSON object of strings, numbers and booleans."""

import json
import math
from collections.abc import Mapping

from strategiz_executor.server.errors import InvalidRequest
from strategiz_executor.server.limits import KILOBYTE, ExecutionLimits


def parameters_json(as_json: str, as_strings: Mapping[str, str], limits: ExecutionLimits) -> str:
    """JSON for the child: `as_json` if it is set, else the strings of old clients.

    Raises InvalidRequest for anything but a flat JSON object of finite values.
    """
    text = as_json or (json.dumps(dict(as_strings)) if as_strings else "{}")
    if len(text) > limits.parameters_bytes:
        raise InvalidRequest(f"parameters are longer than {limits.parameters_bytes // KILOBYTE} KB")
    if as_json:
        _check_flat(_parse(as_json))
    return text


def _parse(text: str) -> object:
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"parameters_json is not JSON: {error}") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _check_flat(parsed: object) -> None:
    if not isinstance(parsed, dict):
        raise InvalidRequest("parameters_json must be one JSON object")
    for name, value in parsed.items():
        if not isinstance(value, str | int | float | bool):
            raise InvalidRequest(f"parameter {name[:64]!r} must be a string, a number or a boolean")
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidRequest(f"parameter {name[:64]!r} is not a finite number")
