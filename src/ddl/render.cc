#include <algorithm>

#include "ddl/reader.h"
#include "spec/diagnostics.h"

namespace synthmill::ddl {

std::string RenderProblem(const Catalog& catalog, const Problem& problem) {
  const bool error = problem.severity == Problem::Severity::kError;
  const size_t file = static_cast<size_t>(problem.place.file);
  const std::string name = file < catalog.files.size() ? catalog.files[file] : "";
  // Only the line itself is given over: a dump may have gigabytes of them.
  std::string line;
  if (problem.place.at.line > 0 && file < catalog.texts.size()) {
    const std::string& text = catalog.texts[file];
    size_t begin = 0;
    for (int i = 1; i < problem.place.at.line && begin != std::string::npos; ++i) {
      begin = text.find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin != std::string::npos) line = text.substr(begin, text.find('\n', begin) - begin);
  }
  spec::Diagnostics one(name, line);
  const spec::Location at{line.empty() ? 0 : 1, problem.place.at.column};
  if (error)
    one.Error(at, problem.message, problem.hint);
  else
    one.Warning(at, problem.message, problem.hint);
  std::string out = one.Render();
  // The line's own number, in place of 1.
  if (problem.place.at.line > 0) {
    const std::string rest = out.substr(std::min(out.size(), name.size()));
    const size_t behind = rest.find(error ? " error: " : " warning: ");
    out = name + ":" + std::to_string(problem.place.at.line) + ":" +
          std::to_string(problem.place.at.column) + ":" +
          (behind == std::string::npos ? rest : rest.substr(behind));
  }
  return out;
}

}  // namespace synthmill::ddl
