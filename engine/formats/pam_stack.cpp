#include "engine/formats/pam_stack.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace plimsoll::formats {
namespace {

/// What libpam holds on its way through a stack. It grants only in the end of state `granted`.
enum class Impression : std::uint8_t { none, granted, other, denied };  // other: a module returned no plain success
constexpr std::size_t impression_count = 4;
constexpr std::array<Impression, impression_count> impressions = {Impression::none, Impression::granted,
                                                                  Impression::other, Impression::denied};

using Impressions = std::uint8_t;  // a set of them
constexpr Impressions one(Impression impression) {
  return static_cast<Impressions>(1U << static_cast<unsigned>(impression));
}
constexpr bool has(Impressions set, Impression impression) {
  return (set & one(impression)) != 0;
}

struct Edge {
  Impression before;
  PamReturns on;  ///< the values that lead along it
  std::size_t to;
  Impression after;
};

class Graph {
 public:
  explicit Graph(std::span<const PamStep> steps) : steps_(steps), edges_(steps.size()) {
    for (std::size_t i = 0; i < steps.size(); ++i) add_edges(i);
    find_reached();
    find_granting();
  }

  [[nodiscard]] PamStepOutcome outcome(std::size_t line, PamReturns denials) const {
    PamStepOutcome outcome;
    outcome.reached = reached_[line] != 0;
    outcome.enforced = outcome.reached && denies(line, denials);
    for (std::size_t i = 0; i < line; ++i) {
      const bool leads_around = std::ranges::any_of(edges_[i], [&](const Edge& edge) {
        return edge.to > line && has(reached_[i], edge.before) && has(granting_[edge.to], edge.after);
      });
      if (leads_around) outcome.bypassed_by.push_back(i);
    }
    return outcome;
  }

  [[nodiscard]] bool grants() const { return has(granting_[0], Impression::none); }

 private:
  [[nodiscard]] std::uint32_t level(std::size_t i) const { return steps_[i].level; }

  /// The end of the substack that a line stands in.
  [[nodiscard]] std::size_t end_of_level(std::size_t i) const {
    auto next = i + 1;
    while (next < steps_.size() && level(next) >= level(i)) ++next;
    return next;
  }

  /// Where a jump ends. A substack counts as one line. `left` are those that the stack was too short for.
  [[nodiscard]] std::size_t after_jump(std::size_t from, std::uint32_t& left) const {
    auto at = from;
    while (left > 0 && at + 1 < steps_.size() && level(at + 1) >= level(from)) {
      ++at;
      while (at + 1 < steps_.size() && level(at + 1) > level(from)) ++at;
      --left;
    }
    return at + 1;
  }

  void add_edge(std::size_t from, Impression before, PamReturns on, std::size_t to, Impression after) {
    for (auto& edge : edges_[from]) {
      if (edge.before == before && edge.to == to && edge.after == after) {
        edge.on |= on;
        return;
      }
    }
    edges_[from].push_back({before, on, to, after});
  }

  /// Values that lead to the same action are followed together, success apart: it alone makes a good impression.
  void add_edges(std::size_t i) {
    edges_[i].reserve(2 * impression_count);
    const auto& step = steps_[i];
    if (step.possible == 0) {
      for (const auto before : impressions) add_edge(i, before, any_return, i + 1, before);
      return;
    }
    auto left = step.possible;
    while (left != 0) {
      const auto first = static_cast<unsigned>(std::countr_zero(left));
      auto alike = PamReturns{1} << first;
      if (alike != returns(PamReturn::success)) {
        for (auto value = first + 1; value < pam_return_count; ++value) {
          if (step.actions[value] == step.actions[first]) alike |= left & (PamReturns{1} << value);
        }
      }
      left &= ~alike;
      for (const auto before : impressions) follow(i, before, alike, step.actions[first]);
    }
  }

  void follow(std::size_t i, Impression before, PamReturns on, PamAction action) {
    using Kind = PamAction::Kind;
    const bool open = before == Impression::none || before == Impression::granted;
    const auto good = on == returns(PamReturn::success) ? Impression::granted : Impression::other;
    switch (action.kind) {
      case Kind::ignore:
        return add_edge(i, before, on, i + 1, before);
      case Kind::ok:
        return add_edge(i, before, on, i + 1, open ? good : before);
      case Kind::done:
        return before == Impression::denied ? add_edge(i, before, on, i + 1, before)
                                            : add_edge(i, before, on, end_of_level(i), open ? good : before);
      case Kind::bad:
        return add_edge(i, before, on, i + 1, Impression::denied);
      case Kind::die:
        return add_edge(i, before, on, end_of_level(i), Impression::denied);
      case Kind::reset:
        // Back to what it was where the substack began, which may have been anything.
        add_edge(i, before, on, i + 1, Impression::none);
        if (level(i) == 0) return;
        for (const auto earlier : impressions) add_edge(i, before, on, i + 1, earlier);
        return;
      case Kind::jump: {
        auto left = action.lines;
        const auto to = after_jump(i, left);
        return add_edge(i, before, on, to, left > 0 ? Impression::denied : before);
      }
    }
  }

  void find_reached() {
    reached_.assign(steps_.size() + 1, 0);
    reached_[0] = one(Impression::none);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const auto& edge : edges_[i]) {
        if (has(reached_[i], edge.before)) reached_[edge.to] |= one(edge.after);
      }
    }
  }

  void find_granting() {
    granting_.assign(steps_.size() + 1, 0);
    granting_.back() = one(Impression::granted);
    for (std::size_t i = steps_.size(); i-- > 0;) {
      for (const auto& edge : edges_[i]) {
        if (has(granting_[edge.to], edge.after)) granting_[i] |= one(edge.before);
      }
    }
  }

  [[nodiscard]] bool denies(std::size_t line, PamReturns denials) const {
    return std::ranges::none_of(edges_[line], [&](const Edge& edge) {
      return (edge.on & denials) != 0 && has(reached_[line], edge.before) && has(granting_[edge.to], edge.after);
    });
  }

  std::span<const PamStep> steps_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<Impressions> reached_;   ///< with which impressions a line is come to
  std::vector<Impressions> granting_;  ///< from which of them the stack may still grant
};

}  // namespace

PamStackOutcome analyse_pam_stack(std::span<const PamStep> steps, PamReturns denials) {
  const Graph graph(steps);
  PamStackOutcome outcome;
  outcome.grants = graph.grants();
  outcome.steps.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) outcome.steps.push_back(graph.outcome(i, denials));
  return outcome;
}

}  // namespace plimsoll::formats
