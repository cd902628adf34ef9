#include "tests/support/probe_answer.hpp"

#include <stdexcept>

namespace plimsoll::tests {
namespace {

class KeepingSink final : public probes::RecordSink {
 public:
  explicit KeepingSink(ProbeAnswers& answers) : answers_(answers) {}

  void add(std::size_t request, Record record) override {
    const std::lock_guard lock(mutex_);
    answers_.answers.at(request).records.push_back(std::move(record));
  }
  void fail(std::size_t request, Error why) override {
    const std::lock_guard lock(mutex_);
    answers_.answers.at(request).failure = std::move(why);
  }
  void looked_at(std::size_t request, std::string what, std::string source) override {
    const std::lock_guard lock(mutex_);
    answers_.answers.at(request).looked_at = std::move(what);
    answers_.answers.at(request).looked_at_source = std::move(source);
  }
  void left_out(std::string what, std::string why, std::string remedy) override {
    const std::lock_guard lock(mutex_);
    answers_.left_out.push_back({std::move(what), std::move(why), std::move(remedy)});
  }

 private:
  std::mutex mutex_;
  ProbeAnswers& answers_;
};

Value fallback_of(const ArgumentSchema& argument) {
  switch (argument.type) {
    case ValueType::boolean:
      return argument.fallback == "true";
    case ValueType::integer:
    case ValueType::mode:
    case ValueType::time:
      return parse_integer(argument.fallback).value();
    case ValueType::text:
    case ValueType::list:
    case ValueType::scalar:
    case ValueType::version:
    case ValueType::address:
      return std::string(argument.fallback);
  }
  throw std::runtime_error("an argument of no type");
}

FactRequest request_of(const ProbeSchema& schema, const Arguments& given) {
  FactRequest fact;
  fact.probe = &schema;
  std::size_t used = 0;
  for (const auto& argument : schema.arguments) {
    const auto found = given.find(std::string(argument.name));
    if (found != given.end()) {
      fact.arguments.emplace_back(found->second);
      ++used;
    } else if (argument.required) {
      throw std::runtime_error("a required argument is not given");
    } else if (argument.fallback.empty()) {
      fact.arguments.emplace_back(std::nullopt);
    } else {
      fact.arguments.emplace_back(fallback_of(argument));
    }
  }
  if (used != given.size()) throw std::runtime_error("the probe has no such argument");
  return fact;
}

}  // namespace

std::string ProbeAnswer::text(std::string_view field, std::size_t record) const {
  const auto index = field_index(*schema, field);
  if (index < 0) throw std::runtime_error("the probe has no such field");
  const auto& found = records.at(record).fields.at(static_cast<std::size_t>(index));
  if (found.absent()) return "(absent)";
  if (const auto* why = found.unreadable()) return std::string("(unreadable: ") + name_of(why->kind) + ")";
  return to_text(*found.value(), schema->fields[static_cast<std::size_t>(index)].type);
}

std::vector<std::string> ProbeAnswer::texts(std::string_view field) const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < records.size(); ++i) found.push_back(text(field, i));
  return found;
}

ProbeAnswers ask_all(const probes::Probe& probe, const sources::Root& root, const std::vector<Arguments>& questions,
                     const std::vector<Leaf>& leaves, KernelSide kernel) {
  std::vector<FactRequest> facts;
  for (const auto& question : questions) {
    facts.push_back(request_of(*probe.schema, question));
    for (std::uint32_t i = 0; i < leaves.size(); ++i) facts.back().leaves.push_back(i);
  }
  std::vector<probes::Request> requests;
  for (const auto& fact : facts) requests.push_back({&fact, leaves});
  ProbeAnswers answers;
  answers.answers.resize(questions.size());
  for (auto& answer : answers.answers) answer.schema = probe.schema;
  const FixedClock clock(0);
  const sources::Memo memo;
  KeepingSink sink(answers);
  sources::Sources sources{root, clock, memo};
  sources.netfilter = kernel.netfilter;
  sources.audit = kernel.audit;
  sources.sockets = kernel.sockets;
  probe.collect(requests, sources, sink);
  return answers;
}

ProbeAnswer ask(const probes::Probe& probe, const sources::Root& root, const Arguments& arguments,
                const std::vector<Leaf>& leaves, KernelSide kernel) {
  return std::move(ask_all(probe, root, {arguments}, leaves, kernel).answers.front());
}

}  // namespace plimsoll::tests
