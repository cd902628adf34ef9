#include "engine/probes/boot_configuration.hpp"

#include <fmt/core.h>

#include <array>
#include <string_view>
#include <utility>

namespace plimsoll::probes {
namespace {

class Collector {
 public:
  explicit Collector(const sources::Root& root) : root_(root) {}

  BootConfiguration collect() {
    bool grub = false;
    bool reads_bls = false;
    for (const std::string directory : {"/boot/grub", "/boot/grub2"}) {
      grub = read_grub(directory + "/grub.cfg", directory + "/grubenv", reads_bls) || grub;
    }
    if (!grub) {  // where firmware boots GRUB, its only configuration may stand beside it
      for (const auto& vendor : list("/boot/efi/EFI")) {
        const std::string directory = "/boot/efi/EFI/" + vendor.name;
        grub = read_grub(directory + "/grub.cfg", directory + "/grubenv", reads_bls) || grub;
      }
    }
    if (!grub || reads_bls) read_entries("/boot/loader/entries", reader_ ? &*reader_ : nullptr);
    read_entries("/boot/efi/loader/entries", nullptr);
    read_entries("/efi/loader/entries", nullptr);
    for (const std::string directory : {"/boot/EFI/Linux", "/boot/efi/EFI/Linux", "/efi/EFI/Linux"}) {
      for (const auto& image : list(directory)) {
        if (!image.name.ends_with(".efi")) continue;
        note({Error::Kind::unsupported,
              fmt::format("the command line inside the kernel image {}/{} is not read", directory, image.name)});
      }
    }
    if (found_.entries.empty() && !found_.error) {
      for (const std::string path : {"/etc/kernel/cmdline", "/boot/firmware/cmdline.txt", "/boot/cmdline.txt"}) {
        if (read_plain(path)) break;
      }
    }
    if (found_.entries.empty() && !found_.error) {
      note({Error::Kind::unobservable,
            grub ? "the boot loader configuration holds no entry that boots Linux"
                 : "no boot loader configuration is here that says what the next boot passes to the kernel"});
    }
    return std::move(found_);
  }

 private:
  void note(Error error) {
    if (!found_.error) found_.error = std::move(error);
  }

  std::optional<std::string> read(const std::string& path) {
    auto text = root_.read(path, sources::max_config_bytes);
    if (text) return std::move(*text);
    if (text.error().kind != Error::Kind::not_found) note(text.error());
    return std::nullopt;
  }

  std::vector<sources::DirectoryEntry> list(const std::string& path) {
    auto entries = root_.list(path);
    if (entries) return std::move(*entries);
    if (entries.error().kind != Error::Kind::not_found) note(entries.error());
    return {};
  }

  void keep(formats::BootEntry entry, const std::string& path) {
    if (entry.recovery || entry.foreign) return;
    auto source = entry.line == 0 ? path : fmt::format("{}:{}", path, entry.line);
    found_.entries.push_back({std::move(entry), std::move(source)});
  }

  /// Whether the file is there, readable or not.
  bool read_grub(const std::string& path, const std::string& environment, bool& reads_bls) {
    auto text = root_.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind == Error::Kind::not_found) return false;
      note(text.error());
      return true;
    }
    if (const auto block = read(environment)) {
      for (auto& [name, value] : formats::parse_grubenv(*block)) environment_.insert_or_assign(name, value);
    }
    auto configuration = formats::parse_grub_cfg(*text, environment_);
    for (auto& entry : configuration.entries) keep(std::move(entry), path);
    if (configuration.reads_bls) {
      reads_bls = true;
      reader_ = std::move(configuration);
    }
    return true;
  }

  void read_entries(const std::string& directory, const formats::GrubConfiguration* reader) {
    for (const auto& file : list(directory)) {
      if (!file.name.ends_with(".conf")) continue;
      const std::string path = directory + "/" + file.name;
      if (const auto text = read(path)) keep(formats::parse_bls_entry(*text, environment_, reader), path);
    }
  }

  bool read_plain(const std::string& path) {
    auto text = read(path);
    if (!text) return false;
    formats::BootEntry entry;
    entry.command_line = std::move(*text);
    entry.line = 1;
    keep(std::move(entry), path);
    return true;
  }

  const sources::Root& root_;
  BootConfiguration found_;
  formats::GrubEnvironment environment_;
  std::optional<formats::GrubConfiguration> reader_;  // the grub.cfg that reads entries of loader/entries
};

}  // namespace

const BootConfiguration& boot_configuration(const sources::Sources& sources) {
  return sources.memo.get<BootConfiguration>([&] { return Collector(sources.root).collect(); });
}

const RunningCommandLine& running_command_line(const sources::Sources& sources) {
  return sources.memo.get<RunningCommandLine>([&]() -> RunningCommandLine {
    if (!sources::kernel_visible(sources.root)) {
      return {std::unexpected(sources::kernel_not_visible("/proc/cmdline"))};
    }
    return {sources.root.read("/proc/cmdline", sources::max_proc_bytes)};
  });
}

}  // namespace plimsoll::probes
