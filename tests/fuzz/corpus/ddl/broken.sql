CRATE TABLE x (a int); CREATE TABLE (; CREATE TABLE a (b int[3][], c 'x; CREATE TABLE y (z $q$ int);
/* /* */ CREATE TABLE t LIKE u; DELIMITER //
CREATE TABLE v AS SELECT CAST(1 AS int) AS a//
