// Options as the Python package gives them: a dict of the members of an options struct by name. The
// package has the defaults of none of them.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <map>
#include <string>
#include <type_traits>

#include "synthmill/copy.h"
#include "synthmill/generate.h"

namespace synthmill {

namespace nb = nanobind;

// Raises the exception class of synthmill/_errors.py that belongs to a status.
[[noreturn]] inline void Raise(const arrow::Status& status) {
  const char* name = "SynthmillError";
  if (status.IsKeyError()) name = "NotFoundError";
  if (status.IsInvalid() || status.IsTypeError()) name = "InvalidError";
  if (status.IsIOError()) name = "InputOutputError";
  if (status.IsNotImplemented()) name = "UnsupportedError";
  nb::object type = nb::module_::import_("synthmill._errors").attr(name);
  std::string message = status.message();
  while (message.ends_with('\n')) message.pop_back();
  PyErr_SetObject(type.ptr(), nb::str(message.c_str(), message.size()).ptr());
  throw nb::python_error();
}

// What an option of that type has to be.
template <typename T>
constexpr const char* Wanted() {
  if constexpr (std::is_same_v<T, bool>) return "True or False";
  if constexpr (std::is_same_v<T, char>) return "one character";
  if constexpr (std::is_same_v<T, WriteMode>) return "'error', 'overwrite' or 'append'";
  if constexpr (std::is_unsigned_v<T>) return "a whole number, not negative,";
  if constexpr (std::is_integral_v<T>) return "a whole number";
  if constexpr (std::is_same_v<T, std::string>) return "a text";
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return "a list of texts";
  return "a mapping of names to values";
}

template <typename T>
bool Take(nb::handle value, T* out) {
  return nb::try_cast(value, *out);
}
inline bool Take(nb::handle value, WriteMode* out) {
  std::string name;
  if (!nb::try_cast(value, name)) return false;
  const auto mode = ParseWriteMode(name);
  if (mode) *out = *mode;
  return mode.has_value();
}
inline bool Take(nb::handle value, OnError* out) {
  bool reject = false;
  if (!nb::try_cast(value, reject)) return false;
  *out = reject ? OnError::kReject : OnError::kStop;
  return true;
}

template <typename Options>
class OptionsReader {
 public:
  template <typename Member>
  OptionsReader& Add(const char* name, Member Options::*member) {
    return AddAt(name, [member](Options* o) { return &(o->*member); });
  }
  // A member of a member.
  template <typename Outer, typename Member>
  OptionsReader& Add(const char* name, Outer Options::*outer, Member Outer::*member) {
    return AddAt(name, [outer, member](Options* o) { return &(o->*outer.*member); });
  }

  Options Read(const nb::dict& values) const {
    Options options;
    for (const auto& [key, value] : values) {
      const auto name = nb::cast<std::string>(key);
      const auto it = setters_.find(name);
      if (it == setters_.end()) Raise(arrow::Status::Invalid("no option '", name, "'"));
      if (!it->second.set(&options, value)) {
        Raise(arrow::Status::Invalid(name, "=", nb::cast<std::string>(nb::repr(value)), ": ",
                                     it->second.wanted, " is needed"));
      }
    }
    return options;
  }

  nb::list names() const {
    nb::list names;
    for (const auto& [name, setter] : setters_) names.append(name);
    return names;
  }

 private:
  struct Setter {
    const char* wanted;
    std::function<bool(Options*, nb::handle)> set;
  };
  template <typename Place>
  OptionsReader& AddAt(const char* name, Place place) {
    using Member = std::remove_pointer_t<decltype(place(nullptr))>;
    using Shown = std::conditional_t<std::is_same_v<Member, OnError>, bool, Member>;
    setters_[name] = {Wanted<Shown>(),
                      [place](Options* o, nb::handle value) { return Take(value, place(o)); }};
    return *this;
  }
  std::map<std::string, Setter> setters_;
};

inline const OptionsReader<GenerateOptions>& GenerateOptionsReader() {
  using O = GenerateOptions;
  static const auto* const reader =
      new OptionsReader<O>(OptionsReader<O>()
                               .Add("dataset", &O::dataset)
                               .Add("parameters", &O::parameters)
                               .Add("to", &O::to)
                               .Add("destination", &O::destination)
                               .Add("format", &O::format)
                               .Add("compression", &O::compression)
                               .Add("csv_null", &O::csv_null)
                               .Add("delimiter", &O::delimiter)
                               .Add("header", &O::header)
                               .Add("row_group_rows", &O::row_group_rows)
                               .Add("seed", &O::seed)
                               .Add("as_of", &O::as_of)
                               .Add("noise", &O::noise)
                               .Add("truth", &O::truth)
                               .Add("tables", &O::tables)
                               .Add("rows", &O::rows)
                               .Add("part_rows", &O::part_rows)
                               .Add("slices", &O::slices)
                               .Add("scale", &O::scale)
                               .Add("slice", &O::slice)
                               .Add("partition_by", &O::partition_by)
                               .Add("load_scripts", &O::load_scripts)
                               .Add("partitions", &O::partitions)
                               .Add("threads", &O::threads)
                               .Add("resume", &O::resume)
                               .Add("write_mode", &O::write_mode));
  return *reader;
}

inline const OptionsReader<CopyOptions>& CopyOptionsReader() {
  using O = CopyOptions;
  static const auto* const reader =
      new OptionsReader<O>(OptionsReader<O>()
                               .Add("source", &O::from)
                               .Add("target", &O::to)
                               .Add("from_format", &O::from_format)
                               .Add("format", &O::format)
                               .Add("delimiter", &O::from_csv, &CsvLook::delimiter)
                               .Add("header", &O::from_csv, &CsvLook::header)
                               .Add("csv_null", &O::from_csv, &CsvLook::null)
                               .Add("to_delimiter", &O::to_csv, &CsvLook::delimiter)
                               .Add("to_header", &O::to_csv, &CsvLook::header)
                               .Add("to_csv_null", &O::to_csv, &CsvLook::null)
                               .Add("compression", &O::compression)
                               .Add("row_group_rows", &O::row_group_rows)
                               .Add("schema", &O::schema)
                               .Add("tables", &O::tables)
                               .Add("columns", &O::columns)
                               .Add("table", &O::table)
                               .Add("write_mode", &O::write_mode)
                               .Add("reject", &O::on_error)
                               .Add("rejects", &O::rejects)
                               .Add("threads", &O::threads)
                               .Add("destination", &O::destination));
  return *reader;
}

}  // namespace synthmill
