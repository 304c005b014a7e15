// _synthmill/load.<dialect>.sql beside the data.
#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "generate/program.h"
#include "io/destinations/destination.h"
#include "schema/load_script.h"
#include "spec/spec.h"

namespace synthmill::run {

// Those that were asked for ("none": none at all), checked against the file format; else, for a
// dataset that came from DDL, the dialects of its tables and DuckDB.
arrow::Result<std::vector<const schema::LoadDialect*>> ChooseLoadDialects(
    const spec::Spec& spec, const std::vector<std::string>& asked, const std::string& format);

// Writes them for the files that are at the target now.
arrow::Status WriteLoadScripts(const std::vector<const schema::LoadDialect*>& dialects,
                               const spec::Spec& spec, const generate::Program& program,
                               const std::vector<std::vector<std::string>>& partition_by,
                               const std::string& uri, const io::Format& format,
                               const io::FormatOptions& options, io::Destination* destination);

}  // namespace synthmill::run
