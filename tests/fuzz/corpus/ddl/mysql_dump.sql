-- MySQL dump
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `t-1`;
CREATE TABLE `t-1` (
  `id` int(10) unsigned zerofill NOT NULL,
  `on` tinyint(1) NOT NULL DEFAULT '1',
  `k` enum('a','b\'c') CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL COMMENT 'it''s; a',
  `s` set('x','y'),
  `body` mediumtext,
  `at` timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `total` decimal(10,2) GENERATED ALWAYS AS (`id` * 2) STORED,
  `js` longtext CHECK (json_valid(`js`)),
  UNIQUE KEY `u` (`k`(10),`s`),
  KEY `i` (`at`) USING BTREE,
  FULLTEXT KEY `f` (`body`)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='the table';
INSERT INTO `t-1` VALUES (1,'it\'s; CREATE TABLE x (y int);'),(2,'c:\\');
DELIMITER ;;
CREATE TRIGGER tr BEFORE INSERT ON `t-1` FOR EACH ROW BEGIN SET NEW.id = 1; SET NEW.k = 'a'; END;;
DELIMITER ;
ALTER TABLE `t-1` ADD PRIMARY KEY (`id`), ADD KEY `j` (`on`);
ALTER TABLE `t-1` MODIFY `id` int(10) unsigned NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=7;
/*!50001 CREATE TABLE `v` (`id` tinyint NOT NULL) ENGINE=MyISAM */;
/*!50001 DROP TABLE IF EXISTS `v`*/;
/*!50001 CREATE VIEW `v` AS select 1 AS `id` */;
CREATE TABLE child (parent_id int, FOREIGN KEY (parent_id) REFERENCES `T-1` (ID));
