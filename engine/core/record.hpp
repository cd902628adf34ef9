// What a probe observed. *Not there* and *could not look* are different states of every field.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/boxed.hpp"
#include "engine/core/error.hpp"
#include "engine/core/value.hpp"

namespace plimsoll {

struct Absent {  ///< we looked, and it is not there
  bool operator==(const Absent&) const = default;
};
/// We could not look; this is never a pass.
class Unreadable {
 public:
  Unreadable() = default;  ///< the probe set nothing
  explicit Unreadable(Error why) : why_(std::move(why)) {}
  [[nodiscard]] const Error& why() const;
  bool operator==(const Unreadable&) const = default;

 private:
  Boxed<Error> why_;
};

/// A setting that was found but does not count, because a later or stronger one overrides it.
struct Overridden {
  std::string source;  ///< "/etc/sysctl.d/10-off.conf:1"
  std::string value;
  bool operator==(const Overridden&) const = default;
};

/// One field of a record: its state, and where the value that counts stands.
struct Field {
  std::variant<Value, Absent, Unreadable> state;
  std::string source = {};  ///< empty: the record's source
  std::vector<Overridden> overridden = {};

  [[nodiscard]] const Value* value() const { return std::get_if<Value>(&state); }
  [[nodiscard]] bool absent() const { return std::holds_alternative<Absent>(state); }
  [[nodiscard]] const Error* unreadable() const {
    const auto* found = std::get_if<Unreadable>(&state);
    return found == nullptr ? nullptr : &found->why();
  }
  bool operator==(const Field&) const = default;
};

/// One observed thing. Fields stand in the order of the probe's schema; one that the probe forgets to set is
/// unreadable, so that a slip can never pass.
struct Record {
  explicit Record(std::size_t field_count);

  std::vector<Field> fields;
  std::string resource;  ///< what is judged, for a person and for finding ids: "/etc/shadow", "user games",
                         ///< "net.ipv4.ip_forward"
  std::string source;    ///< what a person would look at: "/etc/sysctl.d/99-router.conf:1", "/proc/modules"

  /// Sets a field to a value. `index` is the probe's own enum, in the order of its schema.
  template <class Index>
  Field& set(Index index, Value value, std::string from = {}) {
    return put(static_cast<std::size_t>(index), Field{std::move(value), std::move(from), {}});
  }
  template <class Index>
  Field& set_absent(Index index, std::string from = {}) {
    return put(static_cast<std::size_t>(index), Field{Absent{}, std::move(from), {}});
  }
  template <class Index>
  Field& set_unreadable(Index index, Error why, std::string from = {}) {
    return put(static_cast<std::size_t>(index), Field{Unreadable{std::move(why)}, std::move(from), {}});
  }

 private:
  Field& put(std::size_t index, Field&& field);
};

/// The records of one probe with one set of arguments, or why nothing could be read at all.
using Fact = Result<std::vector<Record>>;

}  // namespace plimsoll
