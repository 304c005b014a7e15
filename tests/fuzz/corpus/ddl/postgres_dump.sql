--
-- PostgreSQL database dump
--
\connect shop
SET statement_timeout = 0;
CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok');
CREATE DOMAIN public.year AS integer CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO x VALUES (1); -- it's
  RETURN NEW;
END $$;
CREATE TABLE public.customer (
    customer_id integer NOT NULL,
    email character varying(50),
    tags text[] DEFAULT '{}'::text[],
    m public.mood DEFAULT 'sad'::public.mood NOT NULL,
    born public.year,
    price numeric(5,2) DEFAULT 4.99 NOT NULL,
    created timestamp without time zone DEFAULT now() NOT NULL,
    CONSTRAINT price_check CHECK ((price > (0)::numeric))
);
ALTER TABLE public.customer OWNER TO postgres;
CREATE SEQUENCE public.customer_customer_id_seq START WITH 100 INCREMENT BY 5 NO MINVALUE CACHE 1;
ALTER TABLE ONLY public.customer ALTER COLUMN customer_id SET DEFAULT nextval('public.customer_customer_id_seq'::regclass);
COPY public.customer (customer_id, email) FROM stdin;
1	it's; CREATE TABLE no (x int);
\.
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (customer_id);
CREATE UNIQUE INDEX by_mail ON public.customer USING btree (email);
CREATE TABLE public.orders (id bigserial, customer_id integer NOT NULL);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON UPDATE CASCADE ON DELETE RESTRICT;
COMMENT ON TABLE public.customer IS 'who buys';
COMMENT ON COLUMN public.customer.email IS 'may be
on two lines';
