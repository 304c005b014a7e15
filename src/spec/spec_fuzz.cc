// Feeds arbitrary bytes to the spec reader; whatever reads well must also resolve or refuse its
// parameters. Corpus: tests/fuzz/corpus/spec.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "spec/args.h"
#include "spec/spec.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using synthmill::spec::Args;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  synthmill::spec::Diagnostics diagnostics("fuzz.yaml", std::string(text));
  const synthmill::spec::Spec spec = synthmill::spec::ParseSpec("fuzz.yaml", text, &diagnostics);
  diagnostics.Render();
  if (!diagnostics.ok()) return 0;
  const auto resolved = synthmill::spec::ResolveParameters(spec, {}, {}, "", 42);
  // Values as a hostile command line would give them.
  synthmill::spec::GivenParameters given;
  for (const auto& parameter : spec.parameters) given[parameter.name] = spec.dataset;
  synthmill::spec::ResolveParameters(spec, given, 0, "none", 1).status().ToString();
  if (!resolved.ok()) return 0;
  // Every argument read as every type, as column kinds would.
  for (const auto& table : spec.tables) {
    for (const auto& column : table.columns) {
      const Args args(column.args, "column", resolved->env, &diagnostics);
      for (const auto& entry : column.args.entries) {
        args.Int(entry.key, 0);
        args.Scaled(entry.key, 4, 0);
        args.Date(entry.key, 0);
        args.Weights(entry.key);
      }
    }
  }
  diagnostics.Render();
  return 0;
}
