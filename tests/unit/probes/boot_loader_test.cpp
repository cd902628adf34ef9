#include "engine/probes/boot_loader.hpp"

#include "engine/probes/firmware.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::boot_loader_probe;
using probes::firmware_probe;

namespace {

ProbeAnswer about(const probes::Probe& probe, const std::string& yaml) {
  return ask(probe, FakeRoot(tree_of(world_of(yaml))));
}

}  // namespace

TEST_CASE("a configuration of GRUB says who may change the menu", "[probes]") {
  const auto answer =
      about(boot_loader_probe,
            "files: { /boot/grub/grub.cfg: \"set superusers=\\\"root admin\\\"\\npassword_pbkdf2 root "
            "grub.pbkdf2.sha512.10000.AB.CD\\npassword_pbkdf2 bob grub.pbkdf2.sha512.7.AB.CD\\nmenuentry a "
            "--unrestricted {\\n}\\n\", "
            "/etc/grub.d/40_custom: { mode: \"0755\", content: \"#!/bin/sh\\nset superusers=root\\n\" } }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("restricted") == "true");
  CHECK(answer.text("superusers") == "root, admin");
  CHECK(answer.text("superusers_with_password") == "root");
  CHECK(answer.text("password_algorithms") == "pbkdf2-sha512");
  CHECK(answer.text("lowest_iterations") == "10000");
  CHECK(answer.text("plain_password_users").empty());
  CHECK(answer.text("submenus_restricted") == "false");
  CHECK(answer.text("unrestricted_entries") == "a");
  CHECK(answer.text("kept_by_generator") == "true");
  CHECK(answer.records[0].fields[9].source == "/etc/grub.d/40_custom:2");
  for (const auto& field : answer.records[0].fields) {
    if (const auto* value = field.value()) {
      if (const auto* list = std::get_if<TextList>(value)) {
        for (const auto& item : *list) CHECK(item.find("grub.pbkdf2") == std::string::npos);
      }
    }
  }
}

TEST_CASE("whether the next update of the menu keeps superusers", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"no generator", "/boot/grub/grub.cfg: \"set superusers=root\"", "(absent)"},
      {"scripts that do not",
       "/boot/grub/grub.cfg: \"set superusers=root\", /etc/grub.d/00_header: { mode: \"0755\", content: x }", "false"},
      {"a script that is not run",
       "/boot/grub/grub.cfg: \"set superusers=root\", /etc/grub.d/40_x: \"set superusers=root\"", "false"},
      {"a script that was left over",
       "/boot/grub/grub.cfg: \"set superusers=root\", /etc/grub.d/40_x~: { mode: \"0755\", content: \"set "
       "superusers=root\" }",
       "false"},
      {"a comment in a script",
       "/boot/grub/grub.cfg: \"set superusers=root\", /etc/grub.d/40_x: { mode: \"0755\", content: \"# set "
       "superusers=root\" }",
       "false"},
      {"a file that a script has sourced",
       "/boot/grub/grub.cfg: \"source $prefix/custom.cfg\", /boot/grub/custom.cfg: \"set superusers=root\", "
       "/etc/grub.d/41_custom: { mode: \"0755\", content: \"source custom.cfg\" }",
       "true"},
      {"not set", "/boot/grub/grub.cfg: \"set timeout=5\"", "(absent)"},
      {"a script that may not be read",
       "/boot/grub/grub.cfg: \"set superusers=root\", /etc/grub.d/40_x: { mode: \"0755\", error: denied }",
       "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  CHECK(about(boot_loader_probe, std::string("files: { ") + c.files + " }").text("kept_by_generator") == c.value);
}

TEST_CASE("stubs are left out, and what cannot be read is a failure", "[probes]") {
  const auto answer = about(boot_loader_probe,
                            "files: { /boot/efi/EFI/redhat/grub.cfg: \"configfile $prefix/grub.cfg\", "
                            "/boot/grub2/grub.cfg: \"blscfg\" }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("path") == "/boot/grub2/grub.cfg");
  CHECK(answer.text("restricted") == "false");
  const auto denied = about(boot_loader_probe, "files: { /boot/grub/grub.cfg: { error: denied } }");
  CHECK(denied.records.empty());
  REQUIRE(denied.failure);
  CHECK(about(boot_loader_probe, "files: { /boot: { type: directory } }").records.empty());
}

TEST_CASE("what cannot be followed is unknown, but a password in the clear was seen", "[probes]") {
  const auto answer = about(boot_loader_probe,
                            "files: { /boot/grub/grub.cfg: \"password bob secret\\nif [ $grub_cpu = x ]; then set "
                            "superusers=root; fi\" }");
  CHECK(answer.text("restricted") == "(unreadable: unsupported)");
  CHECK(answer.text("plain_password_users") == "bob");
}

TEST_CASE("the firmware says whether it checks what it starts", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* uefi;
    const char* secure_boot;
  };
  const std::string variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c: ";
  const auto c = GENERATE(values<Case>({
      {"on", "\"\\x06\\0\\0\\0\\x01\"", "true", "true"},
      {"off", "\"\\x06\\0\\0\\0\\0\"", "true", "false"},
      {"too short", "\"\\x06\"", "true", "(unreadable: malformed)"},
      {"denied", "{ error: denied }", "true", "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  const auto answer = about(firmware_probe, "files: { " + variable + c.files + " }");
  CHECK(answer.text("uefi") == c.uefi);
  CHECK(answer.text("secure_boot") == c.secure_boot);
}

TEST_CASE("a machine without UEFI has no Secure Boot; an image cannot tell", "[probes]") {
  const auto bios = about(firmware_probe, "files: { /sys/kernel: { type: directory } }");
  CHECK(bios.text("uefi") == "false");
  CHECK(bios.text("secure_boot") == "(absent)");
  CHECK(about(firmware_probe, "files: { /sys/firmware/efi: { type: directory } }").text("secure_boot") ==
        "(unreadable: unobservable)");
  CHECK(about(firmware_probe, "{ live: false, files: { /etc/hostname: x } }").text("uefi") ==
        "(unreadable: unobservable)");
}
