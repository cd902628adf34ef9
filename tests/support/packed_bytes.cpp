#include "tests/support/packed_bytes.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>

namespace plimsoll::tests {
namespace {

struct Free {
  void operator()(::archive* writer) const { archive_write_free(writer); }
  void operator()(::archive_entry* entry) const { archive_entry_free(entry); }
};

void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

::la_ssize_t append(::archive* /*writer*/, void* bytes, const void* part, std::size_t size) {
  static_cast<std::string*>(bytes)->append(static_cast<const char*>(part), size);
  return static_cast<::la_ssize_t>(size);
}

}  // namespace

std::string packed_bytes(std::string_view content, std::string_view packing) {
  std::string bytes;
  const std::unique_ptr<::archive, Free> writer(archive_write_new());
  demand(archive_write_set_format_raw(writer.get()) == ARCHIVE_OK, "no raw format");
  // Anything but ARCHIVE_OK says that a program would do it.
  demand(archive_write_add_filter_by_name(writer.get(), std::string(packing).c_str()) == ARCHIVE_OK,
         "no such way of packing");
  archive_write_set_bytes_per_block(writer.get(), 0);
  demand(archive_write_open(writer.get(), &bytes, nullptr, append, nullptr) == ARCHIVE_OK, "cannot begin");
  const std::unique_ptr<::archive_entry, Free> entry(archive_entry_new());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  demand(archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK, "cannot write");
  demand(archive_write_data(writer.get(), content.data(), content.size()) == static_cast<::la_ssize_t>(content.size()),
         "cannot write all");
  demand(archive_write_close(writer.get()) == ARCHIVE_OK, "cannot end");
  return bytes;
}

}  // namespace plimsoll::tests
