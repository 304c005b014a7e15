-- MySQL dump
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `departments`;
CREATE TABLE `departments` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL COMMENT 'what it''s called',
  `budget` decimal(12,2) unsigned DEFAULT '1000.00',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE `employees` (
  `id` int NOT NULL AUTO_INCREMENT,
  `full_name` varchar(80) NOT NULL,
  `email` varchar(100) DEFAULT NULL,
  `gender` enum('M','F','X') NOT NULL DEFAULT 'X',
  `skills` set('sql','cpp','go') DEFAULT NULL,
  `salary` mediumint unsigned DEFAULT NULL,
  `hire_date` date NOT NULL,
  `birth_date` date DEFAULT NULL,
  `is_manager` tinyint(1) NOT NULL DEFAULT '0',
  `bio` text,
  `start_time` time DEFAULT NULL,
  `joined` year DEFAULT NULL,
  `department_id` int unsigned NOT NULL,
  `manager_id` int DEFAULT NULL,
  `updated_at` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  KEY `dep` (`department_id`),
  CONSTRAINT `fk_dep` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`),
  CONSTRAINT `fk_man` FOREIGN KEY (`manager_id`) REFERENCES `employees` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=77;
INSERT INTO `departments` VALUES (1,'R&D; more','2.00'),(2,'x',NULL);
DELIMITER ;;
CREATE TRIGGER t BEFORE INSERT ON employees FOR EACH ROW BEGIN SET NEW.bio = 'x'; END;;
DELIMITER ;
