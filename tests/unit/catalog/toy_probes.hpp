// Schemas, a check file and a profile for tests of the catalog: small, and with one field of each type.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/load.hpp"
#include "engine/core/schema.hpp"

namespace plimsoll::toy {

inline constexpr std::array<std::string_view, 3> root_logins = {"yes", "no", "prohibit-password"};
inline constexpr std::array<std::string_view, 2> follow_choices = {"yes", "no"};

inline constexpr std::array sysctl_arguments = {
    ArgumentSchema{.name = "name", .meaning = "The setting, with dots."},
};
inline constexpr std::array sysctl_fields = {
    FieldSchema{.name = "runtime", .type = ValueType::scalar, .meaning = "What runs now."},
    FieldSchema{.name = "at_boot", .type = ValueType::scalar, .meaning = "What the next boot sets."},
};
inline constexpr ProbeSchema sysctl = {.name = "sysctl",
                                       .summary = "One kernel setting.",
                                       .cardinality = Cardinality::exactly_one,
                                       .arguments = sysctl_arguments,
                                       .fields = sysctl_fields};

inline constexpr std::array package_arguments = {ArgumentSchema{.name = "name", .meaning = "The package."}};
inline constexpr std::array package_fields = {
    FieldSchema{.name = "installed", .type = ValueType::boolean, .meaning = "Whether it is installed."},
    FieldSchema{.name = "version", .type = ValueType::version, .meaning = "Its version; absent when not installed."},
};
inline constexpr ProbeSchema package = {.name = "package",
                                        .summary = "One package.",
                                        .cardinality = Cardinality::exactly_one,
                                        .arguments = package_arguments,
                                        .fields = package_fields,
                                        .presence = "installed"};

inline constexpr std::array sshd_fields = {
    FieldSchema{.name = "permit_root_login", .meaning = "PermitRootLogin.", .allowed = root_logins},
    FieldSchema{.name = "ciphers", .type = ValueType::list, .meaning = "Ciphers."},
    FieldSchema{.name = "max_auth_tries", .type = ValueType::integer, .meaning = "MaxAuthTries."},
    FieldSchema{.name = "banner", .meaning = "Banner; absent when none."},
};
inline constexpr ProbeSchema sshd = {.name = "sshd",
                                     .summary = "The effective configuration of sshd.",
                                     .cardinality = Cardinality::exactly_one,
                                     .arguments = {},
                                     .fields = sshd_fields};

inline constexpr std::array files_arguments = {
    ArgumentSchema{.name = "paths", .type = ValueType::list, .meaning = "Where to look."},
    ArgumentSchema{.name = "follow",
                   .required = false,
                   .meaning = "Whether links are followed.",
                   .fallback = "no",
                   .allowed = follow_choices},
    ArgumentSchema{.name = "depth", .type = ValueType::integer, .required = false, .meaning = "How deep."},
};
inline constexpr std::array files_fields = {
    FieldSchema{.name = "mode", .type = ValueType::mode, .meaning = "Permission bits."},
    FieldSchema{.name = "owner", .meaning = "The owner's name."},
    FieldSchema{.name = "changed", .type = ValueType::time, .meaning = "When it last changed."},
    FieldSchema{.name = "size", .type = ValueType::integer, .meaning = "Its size.", .unit = "bytes"},
};
inline constexpr ProbeSchema files = {.name = "files",
                                      .summary = "Files below some paths.",
                                      .cardinality = Cardinality::any,
                                      .arguments = files_arguments,
                                      .fields = files_fields};

inline constexpr std::array listener_fields = {
    FieldSchema{.name = "address", .type = ValueType::address, .meaning = "Where it listens."},
    FieldSchema{.name = "port", .type = ValueType::integer, .meaning = "Its port."},
    FieldSchema{.name = "program", .meaning = "Who listens."},
};
inline constexpr ProbeSchema listener = {.name = "listener",
                                         .summary = "Listening sockets.",
                                         .cardinality = Cardinality::any,
                                         .arguments = {},
                                         .fields = listener_fields};

inline std::span<const ProbeSchema* const> schemas() {
  static constexpr std::array<const ProbeSchema*, 5> all = {&sysctl, &package, &sshd, &files, &listener};
  return all;
}

inline constexpr std::string_view sound_checks = R"(
- id: ip-forward
  title: The host does not route packets between interfaces
  severity: medium
  rationale: A host that routes can be made to carry an attacker's traffic around a firewall.
  remediation: Set `net.ipv4.ip_forward = 0` in the sysctl.d file that sorts last; reload.
  references: [sysctl.d(5)]
  tags: [network]
  controls: { nist-800-53: [SC-7, CM-7(1)] }
  parameters: { expected: { type: integer, default: 0, meaning: "1 on routers" } }
  check:
    all:
      - { probe: sysctl, name: net.ipv4.ip_forward, every: { runtime: $expected } }
      - { probe: sysctl, name: net.ipv4.ip_forward, every: { at_boot: $expected } }

- id: ssh-root-login
  title: SSH does not let root log in directly
  severity: high
  rationale: Direct root sessions cannot be traced to a person.
  remediation: Set `PermitRootLogin no`; reload sshd.
  applies: { package: { name: openssh-server } }
  check:
    probe: sshd
    every: { permit_root_login: "no" }

- id: keys-private
  title: Private keys are read by their owner only
  rationale: Whoever reads a private key is the host.
  remediation: Set mode 0600.
  parameters:
    paths: { type: list, default: [/etc/ssl/private, /etc/ssh] }
    mode: { type: mode, default: "0600" }
    exempt: { type: list, default: [] }
  check:
    probe: files
    paths: $paths
    where: { owner: { not_in: $exempt } }
    every: { mode: { mode_within: $mode }, size: { at_least: 1 } }
    if_empty: not_applicable

- id: listeners-seen
  title: Every listening socket is known
  severity: low
  rationale: A socket that nobody knows is a door that nobody guards.
  remediation: Stop what is not needed.
  check: { probe: listener, show: [address, port, program] }
)";

inline constexpr std::string_view sound_profile = R"(
profile: example-linux-3.0
title: Example Linux Benchmark
version: "3.0"
description: A document that does not exist.
roles: [server, workstation]
applies: { package: { name: base-files, version: { version_at_least: "12" } } }
sections: { "3": Network, "3.1": Kernel settings, "5": Access }
recommendations:
  - { id: "3.1.1", level: 1, checks: [ip-forward] }
  - { id: "3.1.2", level: { server: 1, workstation: 2 }, assessment: manual, checks: [listeners-seen], question: "Is each needed?" }
  - { id: "3.2.1", level: 2, roles: [server], topic: Wireless, gap: needs a radio }
  - { id: "5.1", level: 1, checks: [ssh-root-login, keys-private], set: { keys-private.mode: "0640", exempt: [games] } }
  - { id: "5.10", level: { workstation: 1 }, checks: [ip-forward], set: { expected: 1 } }
)";

inline catalog::SourceFile checks_file(std::string_view text, std::string name = "checks/sound.yaml") {
  return {catalog::SourceFile::Kind::checks, name, name, std::string(text)};
}
inline catalog::SourceFile profile_file(std::string_view text, std::string name = "profiles/sound.yaml") {
  return {catalog::SourceFile::Kind::profile, name, name, std::string(text)};
}

inline std::string refuse_backreferences(std::string_view pattern) {
  return pattern.find("\\1") == std::string_view::npos ? std::string() : "invalid escape sequence: \\1";
}

inline catalog::LoadOutcome load_texts(const std::vector<catalog::SourceFile>& sources,
                                       const catalog::Catalog* base = nullptr) {
  return catalog::load_files(sources, "1.0", base, schemas(), {refuse_backreferences});
}

}  // namespace plimsoll::toy
