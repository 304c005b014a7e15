-- A small shop, for `./run demo` and docs/schema.md.
CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'returned');

CREATE TABLE customers (
    customer_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_name   varchar(40) NOT NULL,
    last_name    varchar(40) NOT NULL,
    email        varchar(80) NOT NULL UNIQUE,
    city         varchar(50),
    zip          char(5),
    age          smallint CHECK (age BETWEEN 18 AND 99),
    referred_by  integer REFERENCES customers,
    created_at   timestamp NOT NULL,
    updated_at   timestamp
);

CREATE TABLE orders (
    order_id      bigint PRIMARY KEY,
    customer_id   integer NOT NULL REFERENCES customers,
    status        order_status NOT NULL DEFAULT 'open',
    ordered_on    date NOT NULL CHECK (ordered_on >= DATE '2024-01-01'),
    shipped_on    date,
    CHECK (shipped_on >= ordered_on)
);

CREATE TABLE order_items (
    order_id    bigint NOT NULL REFERENCES orders,
    line_no     smallint NOT NULL,
    sku         varchar(12) NOT NULL,
    quantity    integer NOT NULL CHECK (quantity > 0 AND quantity <= 20),
    unit_price  numeric(8, 2) NOT NULL CHECK (unit_price > 0),
    PRIMARY KEY (order_id, line_no)
);
