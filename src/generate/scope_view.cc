#include "generate/scope_view.h"

namespace synthmill::generate {
namespace {

struct Room : Workspace {
  Vector scratch;
  Buffer<uint64_t> numbers;
  std::vector<Vector> vectors;  // by column of the scope
  std::vector<uint64_t> hash;
  std::vector<const uint64_t*> hashes;
};

Room* RoomOf(Vector* out) {
  auto* room = dynamic_cast<Room*>(out->workspace.get());
  if (room) return room;
  out->workspace = std::make_unique<Room>();
  return static_cast<Room*>(out->workspace.get());
}

void CopyTexts(const Vector& from, Vector* out) {
  out->Start(Vector::Form::kTexts, from.length);
  for (int64_t i = 0; i < from.length; ++i) out->texts[i] = from.GetText(i);
  if (!from.has_nulls) return;
  for (int64_t i = 0; i < from.length; ++i)
    if (from.IsNull(i)) out->SetNull(i);
}

}  // namespace

ScopeView::ScopeView(std::shared_ptr<const Scope> scope, int column, bool texts)
    : scope_(std::move(scope)), column_(column) {
  const ScopeColumn& c = scope_->columns[static_cast<size_t>(column)];
  type_ = c.type;
  dictionary_ = texts ? nullptr : c.dictionary;
  mostly_distinct_ = c.mostly_distinct;
  nullable_ = c.nullable;
}

const Relation* ScopeView::relation() const {
  const std::unique_ptr<Column>& column = scope_->columns[static_cast<size_t>(column_)].column;
  return column ? column->relation() : nullptr;
}

std::optional<ValueRange> ScopeView::range() const {
  const std::unique_ptr<Column>& column = scope_->columns[static_cast<size_t>(column_)].column;
  return column ? column->range() : std::nullopt;
}

void ScopeView::Close() {
  std::vector<bool> needed(scope_->columns.size(), false);
  needed[static_cast<size_t>(column_)] = true;
  scope_->Close(&needed);
  order_.clear();
  for (int c : scope_->order)
    if (needed[static_cast<size_t>(c)]) order_.push_back(c);
}

Vector* ScopeView::Scratch(Vector* out) { return &RoomOf(out)->scratch; }

Buffer<uint64_t>* ScopeView::Numbers(Vector* out) { return &RoomOf(out)->numbers; }

void ScopeView::Make(int64_t count, const uint64_t* number, Vector* out) const {
  Room* room = RoomOf(out);
  room->vectors.resize(scope_->columns.size());
  room->hash.resize(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) room->hash[static_cast<size_t>(i)] = core::RowHash(number[i]);
  room->hashes.assign(scope_->groups.views.size(), room->hash.data());
  for (int c : order_) scope_->Make(c, count, number, room->hashes, &room->vectors);
  const Vector& made = room->vectors[static_cast<size_t>(column_)];
  if (dictionary_ == nullptr && made.form == Vector::Form::kCodes) {
    CopyTexts(made, out);
  } else {
    out->CopyFrom(made);
  }
}

}  // namespace synthmill::generate
