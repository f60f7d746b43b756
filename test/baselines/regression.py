"""What scikit-learn makes of a table with two targets of very different size: a linear regression and its figures.

Run with a Python that has scikit-learn; writes regression.json beside this file.
"""

import json
import pathlib

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

ROWS = 80

draw = np.random.default_rng(0)
features = np.stack([draw.normal(50, 10, ROWS), draw.uniform(-0.01, 0.01, ROWS), 1.76e9 + draw.normal(0, 900, ROWS)], 1)
features = np.round(features, 4)
when = features[:, 2] - 1.76e9
price = 250_000 + 2_000 * features[:, 0] - 3e6 * features[:, 1] + 40 * when + draw.normal(0, 20_000, ROWS)
share = 0.002 + 0.00001 * features[:, 0] + draw.normal(0, 0.0001, ROWS)
targets = np.stack([np.round(price, 2), np.round(share, 7)], 1)
is_test = np.arange(ROWS) % 4 == 3
train, test = ~is_test, is_test

model = LinearRegression().fit(features[train] - features[train].mean(0), targets[train])
predicted = model.predict(features[test] - features[train].mean(0))
mean = DummyRegressor(strategy="mean").fit(features[train], targets[train]).predict(features[test])


def figures(told):
    return [
        {
            "r2": r2_score(targets[test][:, target], told[:, target]),
            "rootMeanSquare": root_mean_squared_error(targets[test][:, target], told[:, target]),
            "meanAbsolute": mean_absolute_error(targets[test][:, target], told[:, target]),
        }
        for target in range(2)
    ]


def rows(chosen):
    return np.concatenate([features[chosen], targets[chosen]], 1).tolist()


written = {
    "columns": ["size", "slope", "when", "price", "share"],
    "train": rows(train),
    "test": rows(test),
    "predicted": predicted.tolist(),
    "meanR2": r2_score(targets[test], predicted),
    "each": figures(predicted),
    "baseline": figures(mean),
    "baselineR2": r2_score(targets[test], mean),
}
(pathlib.Path(__file__).parent / "regression.json").write_text(json.dumps(written) + "\n")
