"""Average precision of the marker of accuracy.json by scikit-learn, and its corrected partial areas.

    python3 average_precision.py > average_precision.json     (scikit-learn 1.9.1)
"""
import json
from pathlib import Path

from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

data = json.loads((Path(__file__).parent / "accuracy.json").read_text())
y, x = data["y"], data["x"]
precision, recall, _ = precision_recall_curve(y, x)
print(json.dumps({
    "average_precision": average_precision_score(y, x),
    # From the greatest threshold on, without the point that is added.
    "precision": list(precision[:-1][::-1]), "recall": list(recall[:-1][::-1]),
    "max_fpr": [[f, roc_auc_score(y, x, max_fpr=f)] for f in (0.1, 0.2, 0.5)],
}))
