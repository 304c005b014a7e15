// A column's comment, carried in the metadata of its Arrow field to catalogs that keep one.
#pragma once

namespace synthmill::core {

inline constexpr char kFieldComment[] = "comment";

}  // namespace synthmill::core
