// Cuts a file into statements: those the reader knows come as tokens, the others are read around
// and counted. Not thread safe.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ddl/builder.h"
#include "ddl/dialect.h"
#include "ddl/lexer.h"

namespace synthmill::ddl {

struct Statement {
  enum class Kind {
    kCreateTable,
    kAlterTable,
    kCreateUniqueIndex,
    kCommentOn,
    kCreateType,
    kAlterType,
    kCreateDomain,
    kCreateSequence,
    kDropTable,   // read around, but remembered
    kCreateView,  // ditto: a view mysqldump made a table for first
  };
  Kind kind;
  std::vector<Token> tokens;
  Token end;  // where it ends, for messages
};

class Scanner {
 public:
  Scanner(std::string_view text, Builder* builder) : lex_(text), b_(*builder) {}

  // The next statement that is to be read; false at the end of the file. `statement` is reused.
  bool Next(Statement* statement);
  // How the file writes from here on.
  void UseDialect(Dialect dialect);
  Dialect dialect() const { return dialect_; }
  size_t unterminated() const { return lex_.unterminated(); }

 private:
  bool LineCommand();
  bool Classify(Statement* statement);
  void ReadTokens(Statement* statement);
  void SkipStatement(std::string kind, size_t begin);
  void SkipPlain();
  void SkipBody(bool is_package);
  void SkipLine(std::string_view kind);
  void SkipCopyData();
  bool StatementStartsAt(size_t pos, int depth) const;
  bool LoneSlashAt(size_t pos) const;
  bool LoneGoAt(size_t pos) const;
  bool AcceptDelimiter();
  std::string_view WordAt(size_t pos) const;
  std::string_view WordBehind(size_t pos, int words) const;

  Lexer lex_;
  Builder& b_;
  Dialect dialect_ = Dialect::kAnsi;
  bool copy_fails_ = false;
  std::set<std::string> unknown_words_;  // each is reported once
};

}  // namespace synthmill::ddl
