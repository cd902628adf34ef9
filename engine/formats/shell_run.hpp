// How the start-up files of one login are followed, command by command: behind shell_startup.hpp, and for nobody else.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/formats/shell_expansion.hpp"
#include "engine/formats/shell_startup.hpp"
#include "engine/formats/shell_tokens.hpp"

namespace plimsoll::formats {

/// A file that was read, kept as long as functions of it may be called.
struct ShellScript {
  std::string path;
  std::vector<ShellToken> tokens;
};

/// One login.
class ShellRun {
 public:
  explicit ShellRun(ShellStartup& startup) : out_(startup), variables_(startup.user_, startup.home_) {}
  void file(const std::string& path, ShellTruth truth);

 private:
  using Kind = ShellToken::Kind;
  static constexpr std::size_t max_steps = 100'000;  // commands looked at: loops and functions make many of few
  static constexpr std::size_t max_effects = 10'000;
  static constexpr int max_depth = 64;  // of files, functions and what stands inside each other

  // Files, and what they leave behind: shell_startup.cpp.
  void hinder(Error error) {
    if (!out_.obstacle_) out_.obstacle_ = std::move(error);
  }
  void too_long();
  void effect(ShellEffect::Kind kind, std::string name, ShellText value, ShellTruth truth, const std::string& where);
  [[nodiscard]] bool stopped() const { return steps_ >= max_steps; }
  /// Commands from which `return` leads out.
  template <class Run>
  void body(ShellTruth truth, Run run) {
    if (depth_ >= max_depth) return too_long();
    ++depth_;
    live_.push_back(truth);
    run(truth);
    live_.pop_back();
    --depth_;
  }

  // Where the run is.
  [[nodiscard]] const ShellToken* token() const {
    return script_ != nullptr && at_ < script_->tokens.size() ? &script_->tokens[at_] : nullptr;
  }
  [[nodiscard]] bool is(Kind kind) const { return token() != nullptr && token()->kind == kind; }
  [[nodiscard]] bool is_word(std::string_view raw) const { return is(Kind::word) && token()->raw == raw; }
  [[nodiscard]] std::string source() const;
  bool take_word(std::string_view raw) {
    if (!is_word(raw)) return false;
    ++at_;
    return true;
  }
  void skip_separators() {
    while (is(Kind::separator)) ++at_;
  }
  [[nodiscard]] static bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
  }

  // Commands that are made of others: shell_compound.cpp.
  [[nodiscard]] bool at_list_end() const;
  /// Commands up to a word that ends them; the status of the last one.
  ShellTruth list(ShellTruth truth);
  /// `a && b || c`.
  ShellTruth chain(ShellTruth truth);
  /// Of what a pipe joins, each runs in a shell of its own and leaves nothing behind.
  ShellTruth pipeline(ShellTruth truth);
  ShellTruth command(ShellTruth truth);
  ShellTruth any_command(ShellTruth truth);
  ShellTruth define(const std::string& name, ShellTruth truth);
  ShellTruth if_command(ShellTruth truth);
  ShellTruth loop(ShellTruth truth);
  ShellTruth for_command(ShellTruth truth);
  /// Words of `for`: file names that a pattern or run-parts finds, or the words themselves.
  void add_items(const std::string& raw, std::vector<ShellText>& items);
  void add_files(const std::string& pattern, std::vector<ShellText>& items);
  ShellTruth case_command(ShellTruth truth);
  [[nodiscard]] ShellTruth match(const ShellText& subject, const std::string& raw) const;

  // Single commands: shell_commands.cpp.
  void assign(std::string_view raw, ShellTruth truth, const std::string& where);
  ShellTruth simple(ShellTruth truth);
  ShellTruth program(std::vector<std::string>& words, ShellTruth truth, const std::string& where);
  void leave(ShellTruth truth, bool everything);
  void declare(std::string_view name, const std::vector<std::string>& words, ShellTruth truth,
               const std::string& where);
  void include(const std::vector<std::string>& words, ShellTruth truth, const std::string& where);
  void evaluate(const std::vector<std::string>& words, ShellTruth truth, const std::string& where);
  /// The function is a copy: its body may define another one of its name.
  void call(std::pair<std::shared_ptr<const ShellScript>, std::size_t> function, const std::vector<std::string>& words,
            ShellTruth truth);

  ShellStartup& out_;
  ShellVariables variables_;
  std::map<std::string, std::pair<std::shared_ptr<const ShellScript>, std::size_t>> functions_;
  std::shared_ptr<const ShellScript> script_;
  std::size_t at_ = 0;
  std::vector<ShellTruth> live_;  ///< of each file and function that is being run: whether what follows is reached
  std::size_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace plimsoll::formats
