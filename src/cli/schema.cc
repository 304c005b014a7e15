// synthmill schema: from DDL to a dataset file, and looking at either.
#include "cli/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "ddl/reader.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

const std::vector<std::string> kVerbs = {"import", "check", "show"};
const std::vector<std::string> kShowFormats = {"text", "dot", "mermaid", "json"};

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

arrow::Result<std::vector<Flag>> SchemaFlags(const std::vector<std::string>&) {
  std::vector<Flag> flags = {
      {"output", "FILE", "import: where the dataset file goes; default: standard output"},
      {"force", "", "import: replace the output if it is there"},
      {"dialect", "NAME",
       "import: of all statements; default: decided one by one. " + Joined(ddl::DialectNames()), "",
       ddl::DialectNames()},
      {"strict", "", "import: write nothing unless every table can be read"},
      {"columns-only", "",
       "import: write the older form, a list of columns (one table to standard output, or a file "
       "TABLE.yaml each into the folder --output)"},
      {"format", "NAME", "show: " + Joined(kShowFormats), "text", kShowFormats},
      {"json", "", "print what was found as JSON on standard output"},
  };
  flags[0].letter = 'o';
  for (Flag& flag : flags) flag.layered = false;
  return flags;
}

arrow::Result<int> RunSchema(const CommandLine& line) {
  if (line.words.empty()) {
    return arrow::Status::Invalid(
        "what with a schema? synthmill schema import FILE.sql, schema check FILE, schema show "
        "FILE");
  }
  const std::string verb = line.words[0];
  CommandLine rest = line;
  rest.words.erase(rest.words.begin());
  if (verb != "import" && verb != "check" && verb != "show") {
    return arrow::Status::Invalid("unknown word '", verb, "'; ", spec::Suggest(verb, kVerbs));
  }
  if (rest.words.empty()) {
    return arrow::Status::Invalid("which file? synthmill schema ", verb, " FILE");
  }
  if (verb == "import") return SchemaImport(rest);
  if (rest.words.size() > 1) {
    return arrow::Status::Invalid("one file at a time: '", rest.words[0], "' and '", rest.words[1],
                                  "' were given");
  }
  return verb == "check" ? SchemaCheck(rest) : SchemaShow(rest);
}

}  // namespace

arrow::Status WriteNewFile(const std::string& path, std::string_view text, bool force) {
  const auto fail = [&](const char* what) {
    return arrow::Status::IOError(what, " ", path, ": ", std::strerror(errno));
  };
  const auto there = [&] {
    return arrow::Status::Invalid(path, " is there already; --force replaces it");
  };
  struct stat info;
  const bool exists = ::stat(path.c_str(), &info) == 0;
  // A device or a pipe is written to; a file is replaced whole, never a device by a file.
  const bool stream = exists && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
  if (!force && exists && !stream) return there();
  const std::string unfinished = stream ? path : fmt::format("{}.{}.inprogress", path, ::getpid());
  const int fd = stream ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC)
                        : ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail("cannot write");
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    done += static_cast<size_t>(n);
  }
  arrow::Status status = done < text.size() ? fail("cannot write") : arrow::Status::OK();
  if (::close(fd) != 0 && status.ok()) status = fail("cannot write");
  if (stream) return status;
  if (status.ok()) {
    if (force) {
      if (::rename(unfinished.c_str(), path.c_str()) != 0) status = fail("cannot write");
    } else if (::link(unfinished.c_str(), path.c_str()) != 0) {
      // Somebody else was quicker; or a file system without links.
      if (errno == EEXIST) {
        status = there();
      } else if (::rename(unfinished.c_str(), path.c_str()) != 0) {
        status = fail("cannot write");
      }
    }
  }
  ::unlink(unfinished.c_str());
  return status;
}

extern const Command kSchemaCommand;
const Command kSchemaCommand = {
    .name = "schema",
    .help = "read DDL into a dataset file; check and show either",
    .synopsis = "import FILE.sql… | check FILE | show FILE [flags]",
    .examples =
        "  synthmill schema import shop.sql -o shop.yaml\n"
        "  synthmill schema import dump.sql --dialect mysql --strict --json\n"
        "  synthmill schema check shop.yaml\n"
        "  synthmill schema show shop.sql --format mermaid\n",
    .flags = SchemaFlags,
    .run = RunSchema,
    .more_help = nullptr,
};

}  // namespace synthmill::cli
