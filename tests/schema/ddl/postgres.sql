-- A shop: enum, domain, self reference, a circle of two tables, many kinds of checks.
CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'returned');
CREATE DOMAIN money_amount AS numeric(10, 2) CHECK (VALUE >= 0);
SET search_path = public;
CREATE TABLE public.countries (
    country_code char(2) PRIMARY KEY,
    name varchar(60) NOT NULL
);
CREATE TABLE public.customers (
    customer_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_name varchar(40) NOT NULL,
    last_name varchar(40) NOT NULL,
    email varchar(120) NOT NULL UNIQUE,
    phone varchar(20),
    street varchar(80), city varchar(60), state char(2), zip varchar(10),
    country_code char(2) REFERENCES public.countries,
    age smallint CHECK (age BETWEEN 18 AND 99),
    loyalty char(1) DEFAULT 'N' CHECK (loyalty IN ('Y', 'N')),
    referred_by integer REFERENCES public.customers (customer_id),
    favourite_product integer,
    settings jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone
);
COMMENT ON TABLE public.customers IS 'Who buys; "the" people';
COMMENT ON COLUMN public.customers.email IS 'one each: never shared';
CREATE TABLE public.products (
    product_id serial PRIMARY KEY,
    sku varchar(12) NOT NULL UNIQUE,
    product_name varchar(80) NOT NULL,
    price money_amount NOT NULL,
    cost numeric(10, 2) NOT NULL CHECK (cost > 0),
    weight_kg real,
    best_customer integer REFERENCES public.customers,
    is_active boolean NOT NULL DEFAULT true
);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_favourite FOREIGN KEY (favourite_product) REFERENCES public.products (product_id);
CREATE TABLE public.orders (
    order_id bigint PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES public.customers ON DELETE CASCADE,
    status order_status NOT NULL DEFAULT 'open',
    order_date date NOT NULL CHECK (order_date >= DATE '2020-01-01'),
    shipped_date date,
    total money_amount,
    CHECK (shipped_date >= order_date)
);
CREATE TABLE public.order_items (
    order_id bigint NOT NULL REFERENCES public.orders,
    line_no smallint NOT NULL,
    product_id integer NOT NULL REFERENCES public.products,
    quantity integer NOT NULL CHECK (quantity > 0 AND quantity <= 20),
    discount numeric(4, 3) DEFAULT 0 CHECK (discount >= 0 AND discount < 1),
    PRIMARY KEY (order_id, line_no)
);
CREATE TABLE public."odd ""names""" (
    "select" integer PRIMARY KEY,
    "../up" varchar(10),
    "a/b" varchar(10) NOT NULL,
    "größe" numeric(5, 1)
);
CREATE INDEX orders_customer ON public.orders (customer_id);
INSERT INTO public.countries VALUES ('US', 'United; States');
