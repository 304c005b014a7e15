// One file as a target: written beside its place under a hidden name, and renamed when it is whole.
#pragma once

#include <memory>
#include <string>

#include "io/destinations/destination.h"

namespace synthmill::io {

// Takes one table in one part; keeps no manifest.
arrow::Result<std::unique_ptr<Destination>> OpenFileDestination(const std::string& path);

inline constexpr char kFileGuarantee[] =
    "written under a hidden name beside it and renamed when it is whole; no half file";

}  // namespace synthmill::io
