#include "engine/probes/dnf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/probes/apt_configuration.hpp"
#include "engine/probes/dnf_configuration.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 8> read_from = {"/etc/dnf/dnf.conf",
                                                       "/etc/dnf/libdnf5.conf.d/*.conf",
                                                       "/usr/share/dnf5/libdnf.conf.d/*.conf",
                                                       "/etc/yum.repos.d/*.repo",
                                                       "/etc/yum/repos.d/*.repo",
                                                       "/etc/distro.repos.d/*.repo",
                                                       "/usr/share/dnf5/repos.d/*.repo",
                                                       "/etc/dnf/repos.override.d/*.repo"};

struct Setting {
  std::string_view key;
  bool fallback;
  std::string_view meaning;
};
// The defaults are libdnf's own (ConfigMain.cpp), not those of a distribution's dnf.conf.
constexpr std::array main_settings = {
    Setting{
        "gpgcheck", false,
        "Whether packages must be signed by a key that is trusted, where a repository does not say otherwise; not when "
        "it is not set."},
    Setting{"repo_gpgcheck", false, "Likewise for the lists of packages (repository metadata)."},
    Setting{"localpkg_gpgcheck", false, "Likewise for packages that are named as files or addresses."},
    Setting{"sslverify", true, "Whether certificates of servers are verified; so when it is not set."},
    Setting{"install_weak_deps", true,
            "Whether packages that are only recommended are installed too; so when it is not set."},
    Setting{"clean_requirements_on_remove", true,
            "Whether packages that nothing needs any more are removed; so when not set."},
};
constexpr std::array<FieldSchema, main_settings.size()> main_fields = [] {
  std::array<FieldSchema, main_settings.size()> made = {};
  for (std::size_t i = 0; i < main_settings.size(); ++i) {
    made[i] = {.name = main_settings[i].key, .type = ValueType::boolean, .meaning = main_settings[i].meaning};
  }
  return made;
}();
constexpr ProbeSchema main_schema = {
    .name = "dnf",
    .summary =
        "The main section of dnf's configuration: dnf.conf, and, where dnf5 is installed, the drop-ins that stand "
        "behind it. "
        "Without dnf the fields have dnf's defaults.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = main_fields,
    .presence = {},
    .sources = read_from,
};

constexpr std::array<FieldSchema, 9> repository_fields = {{
    {"id", ValueType::text, "Its name in brackets."},
    {"enabled", ValueType::boolean, "Whether packages are taken from it; so when it is not set."},
    {"gpgcheck", ValueType::boolean, "Whether its packages must be signed: its own word, else the main section's."},
    {"gpgcheck_own", ValueType::boolean, "Its own word on that; absent when it has none."},
    {"repo_gpgcheck", ValueType::boolean,
     "Whether its list of packages must be signed: its own word, else the main section's."},
    {"repo_gpgcheck_own", ValueType::boolean, "Its own word on that; absent when it has none."},
    {"sslverify", ValueType::boolean,
     "Whether its server's certificate is verified: its own word, else the main section's."},
    {"locations", ValueType::list,
     "Where it is: baseurl, metalink and mirrorlist, variables not replaced, passwords in addresses masked."},
    {"gpgkey", ValueType::list, "Where its keys are; empty when none is named."},
}};
enum class RepositoryField : std::uint8_t {
  id,
  enabled,
  gpgcheck,
  gpgcheck_own,
  repo_gpgcheck,
  repo_gpgcheck_own,
  sslverify,
  locations,
  gpgkey
};
constexpr ProbeSchema repository_schema = {
    .name = "dnf.repository",
    .summary =
        "The repositories that dnf knows, one record each. Of several with the same id the first counts, in dnf.conf "
        "before "
        "the *.repo files in the order of their names.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = repository_fields,
    .presence = {},
    .sources = read_from,
};

TextList words_of(const DnfSection& section, std::string_view key) {
  TextList words;
  const auto* found = section.find(key);
  if (found == nullptr) return words;
  for (const auto& word : formats::dnf_list(found->setting.value)) words.push_back(address_without_password(word));
  return words;
}

Record record_of(const DnfSection& section, const DnfSection& main) {
  Record record(repository_fields.size());
  record.resource = "repository " + section.id;
  record.source = section.path;
  const auto put = [&](RepositoryField field, Field value) {
    record.fields[static_cast<std::size_t>(field)] = std::move(value);
  };
  record.set(RepositoryField::id, section.id);
  put(RepositoryField::enabled, dnf_truth_field(section, nullptr, "enabled", true));
  put(RepositoryField::gpgcheck, dnf_truth_field(section, &main, "gpgcheck", false));
  put(RepositoryField::repo_gpgcheck, dnf_truth_field(section, &main, "repo_gpgcheck", false));
  put(RepositoryField::sslverify, dnf_truth_field(section, &main, "sslverify", true));
  const auto own = [&](RepositoryField field, std::string_view key) {
    if (section.find(key) == nullptr) {
      record.set_absent(field);
    } else {
      put(field, dnf_truth_field(section, nullptr, key, false));
    }
  };
  own(RepositoryField::gpgcheck_own, "gpgcheck");
  own(RepositoryField::repo_gpgcheck_own, "repo_gpgcheck");
  TextList locations;
  for (const auto key : {"baseurl", "metalink", "mirrorlist"}) {
    for (auto& word : words_of(section, key)) locations.push_back(std::move(word));
  }
  record.set(RepositoryField::locations, std::move(locations));
  record.set(RepositoryField::gpgkey, words_of(section, "gpgkey"));
  return record;
}

void collect_main(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& configuration = dnf_configuration_of(sources);
  Record record(main_fields.size());
  record.resource = "dnf";
  record.source = configuration.main.path;
  for (std::size_t i = 0; i < main_settings.size(); ++i) {
    record.fields[i] = dnf_truth_field(configuration.main, nullptr, main_settings[i].key, main_settings[i].fallback);
  }
  const auto& errors = configuration.main_errors;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (errors.empty()) {
      sink.add(index, record);
    } else {
      sink.fail(index, errors.front());
    }
  }
}

void collect_repositories(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& configuration = dnf_configuration_of(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& repository : configuration.repositories)
      sink.add(index, record_of(repository, configuration.main));
    for (const auto* errors : {&configuration.main_errors, &configuration.repository_errors}) {
      if (!errors->empty()) sink.fail(index, errors->front());
    }
    if (configuration.repositories.empty()) sink.looked_at(index, "no repository", std::string(read_from[3]));
  }
}

}  // namespace

const Probe dnf_probe = {&main_schema, collect_main};
const Probe dnf_repository_probe = {&repository_schema, collect_repositories};

}  // namespace plimsoll::probes
