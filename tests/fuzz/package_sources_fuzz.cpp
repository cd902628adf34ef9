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
  PackageParagraphs paragraphs(text);
  PackageParagraph paragraph;
  while (paragraphs.next(paragraph)) require(!paragraph.name.empty());
  (void)release_field(text, "Suite");
  AptConfiguration configuration;
  (void)configuration.read("/etc/apt/apt.conf", text);
  (void)configuration.find("a::b");
}
