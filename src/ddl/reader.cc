#include "ddl/reader.h"

#include <unordered_set>
#include <utility>

#include "ddl/builder.h"
#include "ddl/scanner.h"
#include "ddl/statement_parser.h"

namespace synthmill::ddl {
namespace {

void AppendCodePoint(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code >> 6));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code >> 12));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 63)));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code >> 18));
    out->push_back(static_cast<char>(0x80 | (code >> 12 & 63)));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 63)));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  }
}

// SQL Server's tools write UTF-16 with a byte order mark.
std::string FromUtf16(std::string text) {
  const bool little = text.starts_with("\xFF\xFE");
  if (!little && !text.starts_with("\xFE\xFF")) return text;
  std::string out;
  out.reserve(text.size() / 2);
  const auto unit = [&](size_t i) {
    const auto low = static_cast<unsigned char>(text[little ? i : i + 1]);
    const auto high = static_cast<unsigned char>(text[little ? i + 1 : i]);
    return static_cast<uint32_t>(high << 8 | low);
  };
  for (size_t i = 2; i + 1 < text.size(); i += 2) {
    uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00 && i + 3 < text.size()) {
      const uint32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    AppendCodePoint(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, &out);
  }
  return out;
}

// A statement about a table that has not been read yet; tried again when all files are.
struct Deferred {
  int file;
  Statement statement;
  Dialect dialect;
};

class Reader {
 public:
  Reader(std::vector<Source> sources, const ReadOptions& options)
      : options_(options), builder_(std::move(sources)) {}

  Catalog Read() {
    const size_t files = builder_.catalog().files.size();
    for (size_t file = 0; file < files; ++file) ReadFile(static_cast<int>(file));
    for (const Deferred& deferred : deferred_) {
      builder_.StartFile(deferred.file);
      if (!Apply(deferred.statement, deferred.dialect)) ReportMissing(deferred.statement);
    }
    builder_.Finish();
    return builder_.Take();
  }

 private:
  void ReadFile(int file) {
    builder_.StartFile(file);
    dropped_.clear();
    const std::string_view text = builder_.text(file);
    Scanner scanner(text, &builder_);
    scanner.UseDialect(
        options_.dialect
            ? *options_.dialect
            : DetectFileDialect(text, builder_.catalog().files[static_cast<size_t>(file)]));
    const Dialect prior = scanner.dialect();
    Statement statement;
    while (scanner.Next(&statement)) {
      Dialect dialect = scanner.dialect();
      if (!options_.dialect) {
        bool certain = false;
        dialect = DetectDialect(statement.tokens, prior, &certain);
        // The statements behind it, too: INSERTs say little of how their texts are escaped.
        if (certain && statement.kind == Statement::Kind::kCreateTable) scanner.UseDialect(dialect);
      }
      if (!Apply(statement, dialect)) deferred_.push_back({file, statement, dialect});
    }
    if (scanner.unterminated() != std::string_view::npos) {
      Token at;
      at.text = text.substr(scanner.unterminated(), 1);
      builder_.Error(at, "this quote or comment never ends",
                     "what stands behind it may not have been read");
    }
  }

  // False: it is about a table that is not there.
  bool Apply(const Statement& statement, Dialect dialect) {
    StatementParser parser(statement.tokens, statement.end, EntryOf(dialect), &builder_);
    switch (statement.kind) {
      case Statement::Kind::kCreateTable:
        parser.CreateTable();
        return true;
      case Statement::Kind::kAlterTable:
        return parser.AlterTable();
      case Statement::Kind::kCreateUniqueIndex:
        return parser.CreateUniqueIndex();
      case Statement::Kind::kCommentOn:
        return parser.CommentOn();
      case Statement::Kind::kCreateType:
        parser.CreateType();
        return true;
      case Statement::Kind::kAlterType:
        parser.AlterType();
        return true;
      case Statement::Kind::kCreateDomain:
        parser.CreateDomain();
        return true;
      case Statement::Kind::kCreateSequence:
        parser.CreateSequence();
        return true;
      case Statement::Kind::kDropTable:
        NoteDrop(statement);
        return true;
      case Statement::Kind::kCreateView:
        NoteView(statement);
        return true;
    }
    return true;
  }

  static Name NameBehind(const Statement& statement, std::string_view word) {
    Cursor cursor(statement.tokens, statement.end);
    while (!cursor.AtEnd() && !cursor.AcceptWord(word)) cursor.Next();
    cursor.AcceptIfNotExists();
    Name name;
    if (!cursor.ParseQualifiedName(&name, "a name")) name = {};
    return name;
  }

  void NoteDrop(const Statement& statement) {
    builder_.CountSkipped("DROP TABLE", statement.tokens[0].text.data());
    const Name name = NameBehind(statement, "TABLE");
    const int index = name.empty() ? -1 : builder_.FindTable(name);
    if (index >= 0) dropped_.insert(Lower(name.text));
  }

  // mysqldump makes a table of each view's columns, drops it and then makes the view.
  void NoteView(const Statement& statement) {
    builder_.CountSkipped("CREATE VIEW", statement.tokens[0].text.data());
    const Name name = NameBehind(statement, "VIEW");
    if (name.empty() || !dropped_.contains(Lower(name.text))) return;
    const int index = builder_.FindTable(name);
    if (index < 0) return;
    builder_.Report(Problem::Severity::kWarning,
                    builder_.catalog().tables[static_cast<size_t>(index)].place,
                    "'" + name.text +
                        "' is only the place of a view that is made later; it is "
                        "left out");
    --builder_.catalog().tables_there;
    builder_.RemoveTable(index);
  }

  void ReportMissing(const Statement& statement) {
    std::string_view word = "TABLE";
    if (statement.kind == Statement::Kind::kCreateUniqueIndex) word = "ON";
    if (statement.kind == Statement::Kind::kCommentOn) {
      builder_.CountSkipped("COMMENT ON what is not there", statement.tokens[0].text.data());
      return;
    }
    Cursor cursor(statement.tokens, statement.end);
    while (!cursor.AtEnd() && !cursor.AcceptWord(word)) cursor.Next();
    cursor.AcceptIfNotExists();
    cursor.AcceptWord("ONLY");
    const Token at = cursor.Peek();
    Name name;
    if (!cursor.ParseQualifiedName(&name, "a name")) return;
    builder_.Warn(at, "table '" + name.text +
                          "' was not read, so this statement about it has no "
                          "effect");
  }

  ReadOptions options_;
  Builder builder_;
  std::vector<Deferred> deferred_;
  std::unordered_set<std::string> dropped_;
};

}  // namespace

Catalog ReadDdl(std::vector<Source> sources, const ReadOptions& options) {
  for (Source& source : sources) source.text = FromUtf16(std::move(source.text));
  return Reader(std::move(sources), options).Read();
}

}  // namespace synthmill::ddl
