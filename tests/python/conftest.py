import pathlib

import pytest

SHOP = """\
synthmill: 1
dataset: shop
parameters:
  orders: {type: int, default: 1000, min: 1, help: "number of orders"}
  discount: {type: share, default: 0.1}
  gifts: {type: bool, default: true}
  opened: {type: date, default: 2025-01-01}
tables:
  orders:
    name: orders
    rows: orders
    columns:
      order_id: {kind: sequence, required: true, key: true}
      gift: {kind: bool, share: discount, when: gifts}
      ordered: {kind: date, from: opened, to: as_of}
      price: {kind: decimal, precision: 8, scale: 2, min: 0.99, max: 499.99}
      status: {kind: choice, values: {shipped: 80, open: 15, cancelled: 5}}
"""


@pytest.fixture
def shop(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP)
    return path
