#include "engine/probes/firmware.hpp"

#include <fmt/core.h>

#include <array>

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { uefi, secure_boot, setup_mode, field_count };

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "uefi", .type = ValueType::boolean, .meaning = "Whether the running kernel was started by UEFI firmware."},
    {.name = "secure_boot",
     .type = ValueType::boolean,
     .meaning = "Whether the firmware starts signed programs only; absent without UEFI, and false where it cannot."},
    {.name = "setup_mode",
     .type = ValueType::boolean,
     .meaning = "Whether the firmware takes new keys from anybody; absent without UEFI or where it does not say."},
}};
constexpr std::array<std::string_view, 1> read_from = {"/sys/firmware/efi/efivars"};

constexpr ProbeSchema schema = {
    .name = "firmware",
    .summary = "The firmware that started the machine, and its Secure Boot, as the kernel passes them on.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .presence = "uefi",
    .sources = read_from,
};

constexpr std::string_view efi = "/sys/firmware/efi";

/// A boolean variable of the firmware (UEFI specification, Globally Defined Variables): four bytes of attributes, then
/// one of value.
Result<bool> read_variable(const sources::Root& root, std::string_view name) {
  constexpr std::size_t attribute_bytes = 4;
  const auto path = fmt::format("{}/efivars/{}-8be4df61-93ca-11d2-aa0d-00e098032b8c", efi, name);
  const auto bytes = root.read(path, sources::max_proc_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->size() != attribute_bytes + 1) {
    return std::unexpected(Error{Error::Kind::malformed, path + " is not a variable of one byte"});
  }
  return (*bytes)[attribute_bytes] != '\0';
}

/// efivarfs shows that variables are there at all; where it is not mounted, nothing can be said of one.
bool variables_visible(const sources::Root& root) {
  const auto entries = root.list(fmt::format("{}/efivars", efi));
  return entries && !entries->empty();
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& root = sources.root;
  Record record(fields.size());
  record.resource = "firmware";
  record.source = efi;
  const auto set = [&](FieldIndex field, std::string_view name) {
    const auto value = read_variable(root, name);
    if (value) {
      record.set(field, *value, fmt::format("{}/efivars", efi));
    } else if (value.error().kind != Error::Kind::not_found) {
      record.set_unreadable(field, value.error());
    } else if (!variables_visible(root)) {
      record.set_unreadable(field, {Error::Kind::unobservable, "the variables of the firmware are not visible here",
                                    "mount efivarfs at /sys/firmware/efi/efivars"});
    } else if (field == secure_boot) {
      record.set(field, false, fmt::format("{}/efivars", efi));
    } else {
      record.set_absent(field);
    }
  };
  const auto status = root.status(efi);
  if (!sources::kernel_visible(root)) {
    for (std::size_t i = 0; i < fields.size(); ++i) record.set_unreadable(i, sources::kernel_not_visible(efi));
  } else if (!status && status.error().kind != Error::Kind::not_found) {
    for (std::size_t i = 0; i < fields.size(); ++i) record.set_unreadable(i, status.error());
  } else if (!status) {
    record.set(uefi, false);
    record.set_absent(secure_boot);
    record.set_absent(setup_mode);
  } else {
    record.set(uefi, true);
    set(secure_boot, "SecureBoot");
    set(setup_mode, "SetupMode");
  }
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

}  // namespace

const Probe firmware_probe = {&schema, collect};

}  // namespace plimsoll::probes
