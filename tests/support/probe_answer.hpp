// What a probe says of a world, for unit tests of probes.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/results.hpp"
#include "engine/probes/probe.hpp"
#include "tests/support/fake_root.hpp"

namespace plimsoll::tests {

struct ProbeAnswer {
  const ProbeSchema* schema = nullptr;
  std::vector<Record> records;  ///< in the order they came
  std::optional<Error> failure;
  std::string looked_at;
  std::string looked_at_source;

  /// A field as a test writes it: "0640", "true", "a, b", "(absent)", "(unreadable: denied)".
  [[nodiscard]] std::string text(std::string_view field, std::size_t record = 0) const;
  /// The same of one field of every record.
  [[nodiscard]] std::vector<std::string> texts(std::string_view field) const;
};

struct ProbeAnswers {
  std::vector<ProbeAnswer> answers;  ///< one for each question
  std::vector<Limit> left_out;
};

using Arguments = std::map<std::string, Value>;

/// What the kernel says of itself by other ways than files; null: it cannot be asked.
struct KernelSide {
  KernelSide() = default;
  KernelSide(const sources::Netfilter* rules) : netfilter(rules) {}     // NOLINT(google-explicit-constructor)
  KernelSide(const sources::KernelAudit* rules) : audit(rules) {}       // NOLINT(google-explicit-constructor)
  KernelSide(const sources::SocketDiag* waiting) : sockets(waiting) {}  // NOLINT(google-explicit-constructor)
  const sources::Netfilter* netfilter = nullptr;
  const sources::KernelAudit* audit = nullptr;
  const sources::SocketDiag* sockets = nullptr;
};

/// Asks a probe several questions at once. Arguments that are not given have their defaults. `leaves` read every
/// answer.
[[nodiscard]] ProbeAnswers ask_all(const probes::Probe& probe, const sources::Root& root,
                                   const std::vector<Arguments>& questions, const std::vector<Leaf>& leaves = {},
                                   KernelSide kernel = {});

[[nodiscard]] ProbeAnswer ask(const probes::Probe& probe, const sources::Root& root, const Arguments& arguments = {},
                              const std::vector<Leaf>& leaves = {}, KernelSide kernel = {});

}  // namespace plimsoll::tests
