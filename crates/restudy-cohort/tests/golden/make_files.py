"""One small invented cohort, written by the programs of the field.

    pip install pyreadstat==1.3.7 pandas==3.1.1 openpyxl==3.1.5 pyarrow
    python3 make_files.py          # cohort.sav, cohort.zsav, cohort.dta, cohort.xlsx, cohort*.parquet
    Rscript make_sas.R             # cohort.sas7bdat (haven 2.5.1)
    make_catalogue.c               # labelled.sas7bdat with formats.sas7bcat (ReadStat 1.1.8)

Five patients of nobody: `age` with a user-missing code, `sex` with value labels, `stage` ordered, `pain` a scale of which only
the ends are named, `ferritin` with decimals, `seen` a day, `note` text of more than eight letters, `remarks` of more than 255.
"""

import datetime

import numpy as np
import pandas as pd
import pyreadstat

day = datetime.date
frame = pd.DataFrame(
    {
        "age": [71.0, -99.0, 64.0, np.nan, 15.0],
        "sex": [1.0, 2.0, 1.0, 2.0, 2.0],
        "stage": [1.0, 3.0, 2.0, 2.0, 1.0],
        "pain": [0.0, 3.0, 10.0, 7.0, 0.0],
        "ferritin": [636.5, 1500.25, 12.125, 0.1, -1e-7],
        "seen": [day(2020, 1, 31), day(2019, 2, 28), None, day(1969, 12, 31), day(2000, 2, 29)],
        "note": ["café au lait", "", "ground-glass", "β-blocker", "n/a"],
        "remarks": ["x" * 600, "", "y" * 252 + "z" * 3 + "w", "short", "v" * 255],
    }
)
labels = ["Age", "Sex at birth", "Stage", "Pain (0–10)", "Ferritin", "First seen", "Note", "Long text"]
values = {
    "age": {-99.0: "not done"},
    "sex": {1.0: "Male", 2.0: "Female"},
    "stage": {1.0: "early", 2.0: "middle", 3.0: "late"},
    "pain": {0.0: "none", 10.0: "worst"},
}
spss = dict(
    file_label="Five patients",
    column_labels=labels,
    variable_value_labels=values,
    missing_ranges={"age": [-99.0], "ferritin": [{"lo": -1.0, "hi": -1e-9}], "note": ["n/a"]},
    variable_measure={"stage": "ordinal", "sex": "nominal"},
)
pyreadstat.write_sav(frame, "cohort.sav", **spss)
pyreadstat.write_sav(frame, "cohort.zsav", compress=True, **spss)

stata = frame.copy()
stata["age"] = [71.0, "a", 64.0, np.nan, 15.0]
pyreadstat.write_dta(
    stata,
    "cohort.dta",
    file_label="Five patients",
    column_labels=labels,
    variable_value_labels={"sex": values["sex"], "stage": values["stage"], "pain": values["pain"]},
    missing_user_values={"age": ["a"]},
    version=15,
)

plain = frame.copy()
plain["seen"] = pd.to_datetime(plain["seen"])
with pd.ExcelWriter("cohort.xlsx", engine="openpyxl") as book:
    plain.to_excel(book, sheet_name="patients", index=False, startrow=1)
    pd.DataFrame({"x": [1, 2], "when": [datetime.datetime(2020, 1, 31, 13, 45), datetime.datetime(2020, 2, 1)]}).to_excel(
        book, sheet_name="visits", index=False
    )
frame.to_parquet("cohort.parquet", index=False)
for codec in ["gzip", "brotli", "lz4", "zstd"]:
    frame.to_parquet(f"cohort_{codec}.parquet", index=False, compression=codec)
