#include "engine/probes/sshd_program.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

#include "engine/core/ascii.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/probes/unit_command.hpp"

namespace plimsoll::probes {
namespace {

using formats::SshdAlgorithms;

constexpr std::string_view program_path = "/usr/sbin/sshd";

/// The version text among the strings of the program: "OpenSSH_9.2p1 Debian-2". Patterns of other releases that it
/// works around ("OpenSSH_7.4*") have no "p".
std::string find_banner(std::string_view bytes) {
  constexpr std::string_view mark = "OpenSSH_";
  std::string best;
  for (auto at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at + 1)) {
    constexpr std::size_t longest = 100;
    auto text = bytes.substr(at, longest);
    const auto end = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; });
    text = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const auto patch = text.find('p', mark.size());
    const auto number = text.substr(mark.size(), patch == std::string_view::npos ? 0 : patch - mark.size());
    const bool plain = !number.empty() && std::ranges::all_of(number, [](char c) { return is_digit(c) || c == '.'; });
    if (plain && text.size() > best.size()) best = text;
  }
  return best;
}

bool holds(std::string_view bytes, SshdAlgorithms which, const std::vector<std::string>& list) {
  // As one C string: a longer list that starts or ends like this one is another build. But linkers store a text that is
  // the tail of another one only once, and signature algorithms are the tail of the host key algorithms.
  const bool may_be_tail = which == SshdAlgorithms::ca_signatures;
  const auto text = fmt::format("{}", fmt::join(list, ","));
  for (auto at = bytes.find(text); at != std::string_view::npos; at = bytes.find(text, at + 1)) {
    const auto end = at + text.size();
    const bool starts = at == 0 || bytes[at - 1] == '\0' || (may_be_tail && bytes[at - 1] == ',');
    const bool ends = end == bytes.size() || bytes[end] == '\0';
    if (starts && ends) return true;
  }
  return false;
}

/// getopt(3) over the options of sshd(8).
void read_options(std::span<const std::string> words, SshdStart& start) {
  constexpr std::string_view with_value = "CEbcfghkopu";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    start.words.emplace_back(word);
    if (word.size() < 2 || word.front() != '-') continue;
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char option = word[at];
      if (with_value.find(option) == std::string_view::npos) {
        if (option == '4') start.options.emplace_back("AddressFamily inet");
        if (option == '6') start.options.emplace_back("AddressFamily inet6");
        continue;
      }
      std::string value(word.substr(at + 1));
      if (value.empty() && i + 1 < words.size()) {
        value = words[++i];
        start.words.push_back(value);
      }
      if (option == 'o') start.options.push_back(value);
      if (option == 'p') start.options.push_back("Port " + value);
      if (option == 'g') start.options.push_back("LoginGraceTime " + value);
      if (option == 'h') start.options.push_back("HostKey " + value);
      if (option == 'f') start.config = value;
      break;
    }
  }
}

}  // namespace

Result<formats::SshdAlgorithmLists> SshdProgram::algorithms(SshdAlgorithms which) const {
  const auto builds = formats::sshd_algorithms(which, release);
  if (builds.empty()) {
    return std::unexpected(
        Error{Error::Kind::unsupported,
              fmt::format("the algorithms that OpenSSH {} starts from are not known", formats::to_text(release))});
  }
  if (bytes.empty()) return builds.front();
  for (const auto& lists : builds) {
    if (holds(bytes, which, lists.defaults)) return lists;
  }
  return std::unexpected(
      Error{Error::Kind::unsupported, fmt::format("{} was built with algorithms that differ from those of OpenSSH {}",
                                                  program_path, formats::to_text(release))});
}

void SshdProgram::add_own_algorithms(std::string_view configured, formats::SshdAlgorithmLists& lists) const {
  if (bytes.empty()) return;
  const auto start = configured.find_first_not_of("+^");
  if (start == std::string_view::npos || configured[start] == '-') return;
  for (auto& name : formats::split_at_commas(configured.substr(start))) {
    constexpr std::size_t shortest_name = 8;
    if (name.size() < shortest_name || std::ranges::find(lists.known, name) != lists.known.end()) continue;
    const std::string text = '\0' + name + '\0';
    if (bytes.find(text) != std::string::npos) lists.known.push_back(std::move(name));
  }
}

Result<SshdProgram> read_sshd_program(const sources::Sources& sources) {
  constexpr std::size_t max_program_bytes = 32U << 20U;
  SshdProgram program;
  auto bytes = sources.root.read(program_path, max_program_bytes);
  if (bytes) {
    program.installed = true;
    program.banner = find_banner(*bytes);
    program.bytes = std::move(*bytes);
    program.source = program_path;
  } else if (bytes.error().kind != Error::Kind::not_found) {
    return std::unexpected(bytes.error());
  }
  if (program.banner.empty()) {
    constexpr std::array<std::string_view, 2> names = {"openssh-server", "openssh-server-pam"};
    for (const auto& database : read_package_databases(sources, names)) {
      if (database.error) return std::unexpected(*database.error);
      for (const auto& entry : database.entries) {
        if (entry.state != PackageEntry::State::installed) continue;
        program.installed = true;
        program.banner = entry.version;
        program.source = entry.source;
      }
    }
  }
  program.release = formats::sshd_release_of(program.banner);
  return program;
}

Result<SshdStart> read_sshd_start(const sources::Sources& sources) {
  SshdStart start;
  constexpr std::array<std::string_view, 2> names = {"ssh.service", "sshd.service"};
  const auto command = read_unit_command(sources, names);
  if (!command) return std::unexpected(command.error());
  if (!command->unit.empty()) {
    start.source = command->source;
    if (!command->words.empty()) read_options(std::span(command->words).subspan(1), start);
    return start;
  }
  if (!sources.root.status("/etc/init.d/ssh")) return start;
  Environment environment;
  if (auto read = read_environment(sources.root, "/etc/default/ssh", environment); !read) {
    return std::unexpected(read.error());
  }
  start.source = "/etc/default/ssh";
  const auto words = expand_words({"$SSHD_OPTS"}, environment);
  read_options(words, start);
  return start;
}

}  // namespace plimsoll::probes
