# What the engine links:
#   Synthmill::arrow        Arrow C++ with Parquet, compute, dataset and acero
#   Synthmill::third_party  yaml-cpp, CLI11, nlohmann-json, fmt, spdlog, xxHash, threads,
#                           libcurl, OpenSSL
# All but Arrow are the system's packages (tools/apt-build.txt).

find_package(ArrowSdk REQUIRED)

find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL 7.88 REQUIRED)  # signs S3 requests
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_path(SYNTHMILL_XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # used header-only: XXH_INLINE_ALL

# yaml-cpp 0.8 renamed its target.
if(TARGET yaml-cpp::yaml-cpp)
  set(yaml_cpp_target yaml-cpp::yaml-cpp)
else()
  set(yaml_cpp_target yaml-cpp)
endif()

add_library(synthmill_third_party INTERFACE)
add_library(Synthmill::third_party ALIAS synthmill_third_party)
target_include_directories(synthmill_third_party SYSTEM INTERFACE
  "${SYNTHMILL_XXHASH_INCLUDE_DIR}")
target_link_libraries(synthmill_third_party INTERFACE
  CLI11::CLI11 fmt::fmt nlohmann_json::nlohmann_json spdlog::spdlog ${yaml_cpp_target}
  CURL::libcurl OpenSSL::Crypto Threads::Threads)
