// Package sources and configuration of apt and dnf.
#include "engine/formats/apt_conf.hpp"
#include "engine/formats/apt_sources.hpp"
#include "engine/formats/dnf_conf.hpp"
#include "engine/formats/package_paragraphs.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_apt_list(text);
  (void)parse_apt_sources(text);
  const auto conf = parse_dnf_conf(text);
  if (conf) {
    for (const auto& setting : conf->settings) (void)dnf_list(setting.value);
  }
  std::string whole;
  std::string in_parts;
  const auto told_to = [](std::string& told) {
    return [&told](const PackageParagraph& paragraph) {
      require(!paragraph.name.empty());
      for (const auto field : {paragraph.name, paragraph.version, paragraph.architecture, paragraph.status}) {
        told.append(field).append(1, '\n');
      }
      told += std::to_string(paragraph.line);
    };
  };
  PackageParagraphs paragraphs(told_to(whole));
  paragraphs.feed(text);
  paragraphs.end();
  PackageParagraphs slowly(told_to(in_parts));
  for (const char byte : text) slowly.feed({&byte, 1});
  slowly.end();
  require(whole == in_parts);
  (void)release_field(text, "Suite");
  AptConfiguration configuration;
  (void)configuration.read("/etc/apt/apt.conf", text);
  (void)configuration.find("a::b");
}
