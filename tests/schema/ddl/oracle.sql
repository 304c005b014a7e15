CREATE TABLE regions (
  region_id NUMBER CONSTRAINT region_id_nn NOT NULL,
  region_name VARCHAR2(25 CHAR),
  CONSTRAINT reg_id_pk PRIMARY KEY (region_id)
);
CREATE TABLE employees (
  employee_id NUMBER(6) PRIMARY KEY,
  last_name VARCHAR2(25) NOT NULL,
  email VARCHAR2(25) NOT NULL,
  hire_date DATE NOT NULL,
  salary NUMBER(8,2) CONSTRAINT emp_salary_min CHECK (salary > 0),
  commission_pct NUMBER(2,2),
  region_id NUMBER REFERENCES regions (region_id),
  notes CLOB
) TABLESPACE users PCTFREE 10;
COMMENT ON TABLE employees IS 'Those who work';
CREATE SEQUENCE employees_seq START WITH 207;
