// Hints about a column, carried in the metadata of its Arrow field from where it is made to where
// it is written; a format may ignore them.
#pragma once

namespace synthmill::core {

inline constexpr char kHintText[] = "synthmill.text";  // "unique": nearly every value differs
inline constexpr char kHintKey[] = "synthmill.key";    // "true": statistics are worth their cost

}  // namespace synthmill::core
