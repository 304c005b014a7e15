CREATE TABLE author (
  author_id INTEGER NOT NULL,
  pen_name CHARACTER VARYING(60) NOT NULL,
  born DATE,
  CONSTRAINT author_pk PRIMARY KEY (author_id)
);
CREATE TABLE book (
  isbn CHARACTER(13) NOT NULL,
  title CHARACTER VARYING(200) NOT NULL,
  pages INTEGER CHECK (pages >= 10),
  published DATE,
  PRIMARY KEY (isbn)
);
CREATE TABLE book_author (
  isbn CHARACTER(13) NOT NULL REFERENCES book,
  author_id INTEGER NOT NULL REFERENCES author,
  share DOUBLE PRECISION CHECK (share > 0 AND share <= 1),
  PRIMARY KEY (isbn, author_id)
);
