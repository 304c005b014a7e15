REM  employees
SET ECHO OFF
PROMPT creating; it's fine
CREATE TABLE employees
    ( employee_id    NUMBER(6)
    , last_name      VARCHAR2(25 CHAR) CONSTRAINT emp_last_name_nn NOT NULL
    , hire_date      DATE DEFAULT SYSDATE
    , salary         NUMBER(8,2) CHECK (salary > 0) ENABLE
    , photo          BLOB, any_number NUMBER, serial# RAW(16) DEFAULT SYS_GUID()
    , manager_id     NUMBER(6)
    ) TABLESPACE users STORAGE (INITIAL 64K NEXT 1M) PCTFREE 10 NOLOGGING
/
ALTER TABLE employees ADD ( CONSTRAINT emp_pk PRIMARY KEY (employee_id) USING INDEX TABLESPACE idx
, CONSTRAINT emp_manager_fk FOREIGN KEY (manager_id) REFERENCES employees ) ;
ALTER TABLE employees MODIFY (hire_date NOT NULL);
CREATE OR REPLACE TRIGGER secure_employees BEFORE INSERT ON employees
DECLARE x NUMBER;
BEGIN
  IF x > 1 THEN RAISE_APPLICATION_ERROR(-20205, 'no; really'); END IF;
END secure_employees;
/
COMMENT ON COLUMN employees.salary IS 'monthly; before tax';
@@other.sql
CREATE TABLE after_it (x INTEGER);
