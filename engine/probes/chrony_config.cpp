#include "engine/probes/chrony_config.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <map>
#include <span>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/chrony_conf.hpp"
#include "engine/probes/path_glob.hpp"
#include "engine/probes/unit_command.hpp"

namespace plimsoll::probes {
namespace {

constexpr int max_depth = 10;  // chronyd gives up there too
constexpr std::size_t max_files = 1000;

class Reader {
 public:
  explicit Reader(const sources::Sources& sources) : sources_(sources) {}

  ChronyConfig read() {
    const bool debian = sources_.root.status("/etc/chrony/chrony.conf").has_value();
    config_.path = debian ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf";
    read_command();
    read_file(config_.path, 0);
    return std::move(config_);
  }

 private:
  /// -f names another file, and -u wins over the directive `user`.
  void read_command() {
    constexpr std::array<std::string_view, 2> units = {"chrony.service", "chronyd.service"};
    const auto command = read_unit_command(sources_, units);
    if (!command) {
      config_.error = command.error();
      return;
    }
    const auto& words = command->words;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i].size() < 2 || words[i].front() != '-') continue;
      if (read_options(words[i], i + 1 < words.size() ? words[i + 1] : std::string(), command->source)) ++i;
    }
  }

  /// One word of getopt(3); whether it takes the next one as its value.
  bool read_options(const std::string& word, const std::string& next, const std::string& source) {
    constexpr std::string_view with_value = "fFlLtuP";
    const auto at = word.find_first_of(with_value, 1);
    if (at == std::string::npos) return false;
    const bool takes_next = at + 1 == word.size();
    const std::string value = takes_next ? next : word.substr(at + 1);
    if (word[at] == 'f') config_.path = value;
    if (word[at] == 'u') {
      config_.user = value;
      config_.user_source = source;
      user_option_ = true;
    }
    return takes_next;
  }

  void read_file(const std::string& path, int depth) {
    if (depth > max_depth || ++files_ > max_files) {
      fail({Error::Kind::too_large, fmt::format("{}: too many files are included", path)});
      return;
    }
    const auto text = sources_.root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) fail(text.error());
      return;
    }
    if (depth == 0) config_.exists = true;
    for (const auto& line : formats::parse_chrony_conf(*text)) apply(line, path, depth);
  }

  void apply(const formats::ChronyLine& line, const std::string& path, int depth) {
    const std::string source = fmt::format("{}:{}", path, line.line);
    const auto& words = line.arguments;
    if (words.empty()) return;
    if (line.directive == "include") {
      include(words.front(), depth);
    } else if (line.directive == "confdir") {
      for (const auto& file : files_of(words, ".conf")) read_file(file, depth + 1);
    } else if (line.directive == "sourcedir") {
      for (const auto& file : files_of(words, ".sources")) read_sources(file);
    } else if (line.directive == "user") {
      if (user_option_) {
        config_.other_users.push_back({source, words.front()});
        return;
      }
      if (config_.user) config_.other_users.push_back({config_.user_source, *config_.user});
      config_.user = words.front();
      config_.user_source = source;
    } else {
      add_source(line, source, path);
    }
  }

  void include(const std::string& pattern, int depth) {
    const auto paths = glob_paths(sources_.root, pattern);
    if (!paths) {
      fail(paths.error());
      return;
    }
    for (const auto& found : *paths) read_file(found, depth + 1);
  }

  /// The files of a suffix in all directories, by name; of equal names the one in the first directory.
  std::vector<std::string> files_of(const std::vector<std::string>& directories, std::string_view suffix) {
    std::map<std::string, std::string> found;
    for (const auto& directory : directories) {
      const auto entries = sources_.root.list(directory);
      if (!entries) {
        if (entries.error().kind != Error::Kind::not_found) fail(entries.error());
        continue;
      }
      for (const auto& entry : *entries) {
        if (entry.name.ends_with(suffix)) found.emplace(entry.name, fmt::format("{}/{}", directory, entry.name));
      }
    }
    std::vector<std::string> paths;
    paths.reserve(found.size());
    for (auto& [name, file] : found) paths.push_back(std::move(file));
    return paths;
  }

  /// A file of sources only; a last line without its end is still being written and does not count.
  void read_sources(const std::string& path) {
    if (++files_ > max_files) return;
    const auto text = sources_.root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) fail(text.error());
      return;
    }
    const auto whole = std::string_view(*text).substr(0, text->rfind('\n') + 1);
    for (const auto& line : formats::parse_chrony_conf(whole)) {
      if (line.directive != "refclock") add_source(line, fmt::format("{}:{}", path, line.line), path);
    }
  }

  void add_source(const formats::ChronyLine& line, const std::string& source, std::string_view path) {
    const auto& kind = line.directive;
    if (kind != "server" && kind != "pool" && kind != "peer" && kind != "refclock") return;
    if (line.arguments.empty()) return;
    const auto rest = std::span(line.arguments).subspan(1);
    config_.sources.push_back({kind, line.arguments.front(), fmt::format("{}", fmt::join(rest, " ")), source,
                               path.starts_with("/run/") || path.starts_with("/var/run/")});
  }

  void fail(Error error) {
    if (!config_.error) config_.error = std::move(error);
  }

  const sources::Sources& sources_;
  ChronyConfig config_;
  bool user_option_ = false;
  std::size_t files_ = 0;
};

}  // namespace

const ChronyConfig& chrony_config(const sources::Sources& sources) {
  return sources.memo.get<ChronyConfig>([&] { return Reader(sources).read(); });
}

}  // namespace plimsoll::probes
