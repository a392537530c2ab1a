"""What the tests can expect of the processor that they run on."""

import pytest

from fer_core.models.precision import has_fast_int8

#: For tests that compare int8 numbers.
exact_int8 = pytest.mark.skipif(
    not has_fast_int8(), reason="sums of int8 may overflow on this processor"
)
