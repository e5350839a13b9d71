"""The resamples of rms_validate.R, by the generator of resample.py: how often each patient was drawn, a digit a patient.

    python3 rms_validate.py > draws.json
"""
import contextlib
import io
import json

with contextlib.redirect_stdout(io.StringIO()):
    from resample import draw

print(json.dumps({str(n): ["".join(map(str, draw(1997, replicate, [list(range(n))], n))) for replicate in range(40)]
                  for n in (64, 61, 623)}))
