// Recursive descent over the tokens of one statement: what the .cc files named after the
// statements share. Not thread safe.
#pragma once

#include <string>
#include <vector>

#include "ddl/builder.h"
#include "ddl/cursor.h"
#include "ddl/dialect.h"
#include "ddl/types.h"

namespace synthmill::ddl {

class StatementParser {
 public:
  StatementParser(std::span<const Token> tokens, Token end, const DialectEntry& dialect,
                  Builder* builder)
      : c_(tokens, end), d_(dialect), b_(*builder) {}

  // Each stands at the statement's first word, and reports what it cannot read to the builder.
  void CreateTable();
  // False: the table is not there (yet); nothing was reported.
  bool AlterTable();
  bool CreateUniqueIndex();
  bool CommentOn();
  void CreateType();
  void CreateDomain();
  void CreateSequence();
  void AlterType();

 private:
  struct NewColumn {
    Column column;
    Name user_type;  // empty: a built-in one
  };
  // A table in the making, and the types of its columns that are still to be found.
  struct Draft {
    Table table;
    std::vector<std::pair<size_t, Name>> user_types;
  };

  // create_table.cc
  bool TableElements(Draft* draft);
  bool TableElement(Draft* draft);
  bool TableTail(Draft* draft);
  bool TailClause(Draft* draft);
  bool PartitionedBy(Draft* draft);
  bool LikeTable(Draft* draft, std::string_view word);
  bool PartitionOf(Draft* draft);
  bool SelectedColumns(Draft* draft);
  bool TableOf(Draft* draft);
  bool CopyColumns(const Name& from, const Token& at, Draft* draft, bool constraints);

  // column_parser.cc
  bool ParseColumn(Draft* draft);
  bool ColumnType(Column* column, Name* user_type);
  bool ColumnClauses(Draft* draft, Column* column);
  bool ColumnClause(Draft* draft, Column* column, std::string* constraint);
  bool DefaultClause(Column* column);
  bool GeneratedClause(Column* column);
  bool IdentityNumbers(Column* column);
  bool SkipColumnClause();
  bool AtColumnClause() const;
  bool ReadInt(int64_t* value);
  bool ReadComment(std::string* comment);
  bool ReadOptions(std::string* description);
  void AddColumn(Draft* draft, Column column, Name user_type);

  // constraint_parser.cc
  bool AtTableConstraint() const;
  bool TableConstraint(Table* table);
  bool KeyConstraint(Table* table, std::string name, bool primary);
  bool ForeignKeyClause(Table* table, std::string name, std::vector<std::string> columns);
  bool CheckClause(Table* table, std::string name, const Token& at);
  bool ConstraintTail();
  // What stood in the table before a statement; only what is new needs a look.
  struct Before {
    size_t columns = 0, unique = 0, foreign_keys = 0, checks = 0;
    bool primary_key = false;
  };
  static Before SizesOf(const Table& table);
  // Spells the columns of new keys and checks as the table does; reports names given twice.
  bool FixTable(Table* table, const Before& before, const Token& at);
  void SetPrimaryKey(Table* table, Key key, const Token& at);

  // alter_table.cc
  bool AlterClause(Draft* draft, const Token& at);
  bool AddClause(Draft* draft);
  bool AddElement(Draft* draft);
  bool ModifyClause(Draft* draft, bool renames);
  bool ModifyColumn(Draft* draft, int index);
  bool AlterColumnClause(Draft* draft);
  bool DropClause(Draft* draft);
  bool RenameClause(Draft* draft);
  static void RenameColumn(Table* table, int index, Name name);
  int ColumnHere(const Table& table);
  bool SkipToComma();

  void ReportError();

  Cursor c_;
  const DialectEntry& d_;
  Builder& b_;
};

// The default a token range says; `tokens` must not be empty.
Default ReadDefault(std::span<const Token> tokens, const DialectEntry& dialect);
// nextval('seq'), seq.NEXTVAL, NEXT VALUE FOR seq: the sequence's name; empty: none of these.
std::string SequenceOf(std::span<const Token> tokens);

}  // namespace synthmill::ddl
