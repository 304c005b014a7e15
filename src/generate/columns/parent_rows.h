// Which row of a table a row refers to, by arithmetic: what `parent` and `reference` share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/bijection.h"
#include "core/fanout.h"
#include "core/scatter.h"
#include "core/zipf.h"
#include "generate/columns/kinds.h"
#include "generate/row_deal.h"

namespace synthmill::generate {

class ParentRows {
 public:
  // Reads the arguments below. nullptr after errors. With `same` the first input is the column that
  // it names.
  static std::unique_ptr<const ParentRows> Compile(ColumnContext& context, const std::string& table,
                                                   spec::Location at);

  // Fills out with row numbers, from 0 on.
  void Choose(const Rows& rows, Inputs inputs, Vector* out) const;

  const std::string& table() const { return table_; }
  // Rows that may be taken where a key decides which; 0: there is no choice.
  uint64_t domain() const {
    return form_ == Form::kOwner || form_ == Form::kCounted || form_ == Form::kSame ? 0 : parents_;
  }
  std::optional<core::Popularity> popularity(uint64_t parts) const;
  bool passes_nulls() const { return form_ == Form::kSame; }
  bool may_be_null() const {
    return (form_ == Form::kNone && !no_rows_) || null_first_ || may_lack_ ||
           (earlier_ && !required_);
  }
  // The first so many rows refer to different parents; 0: nothing is promised.
  uint64_t distinct_rows() const;
  // What the column has to do with the parent table.
  Relation relation() const;

  // Arguments of both kinds.
  static std::vector<ArgDoc> Arguments();

 private:
  enum class Form {
    kNone,      // the parent table has no rows
    kOwner,     // the table's rows are counted by the parent's
    kAny,       // every parent equally likely
    kSkewed,    // some more than others, none in particular
    kDistinct,  // each parent at most once
    kEarlier,   // a row of the same table, above this one
    kPrevious,  // the one just above: each at most once
    kCounted,   // dealt by quotas, so that a parent's rows can be found
    kSame,      // of the rows that share another parent with this one
  };
  bool CompileCounted(ColumnContext& context, const TableFacts& parent);
  bool CompileSame(ColumnContext& context, bool self);
  void ChooseSame(const Rows& rows, const Vector& parent, Vector* out) const;
  uint64_t Rank(uint64_t bits) const {
    return zipf_ ? (*zipf_)(bits) : skew_.Below(bits, parents_);
  }

  std::string table_;
  Form form_ = Form::kAny;
  core::Stream stream_;
  uint64_t parents_ = 0;
  core::Skew skew_;
  std::optional<core::Zipf> zipf_;
  std::optional<core::Bijection> order_;  // kDistinct
  std::optional<core::Scatter> scatter_;  // kSkewed: where the popular ones are
  std::optional<core::Fanout> fanout_;
  std::shared_ptr<const RowDeal> deal_;  // kOwner, kCounted: of these rows; kSame: of the parent's
  std::string same_, theirs_;            // kSame
  bool earlier_ = false, required_ = false;
  bool may_lack_ = false;    // kSame: there may be no such row
  bool no_rows_ = false;     // the table itself has none
  bool null_first_ = false;  // row 0 of a table that refers to itself has nobody above it
};

}  // namespace synthmill::generate
