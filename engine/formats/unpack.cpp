#include "engine/formats/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "engine/formats/unpack_xz.hpp"

namespace plimsoll::formats {
namespace {

struct FreeArchive {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, FreeArchive>;

std::unexpected<Error> trouble(Error::Kind kind, std::string what) {
  return std::unexpected(Error{kind, std::move(what)});
}

std::unexpected<Error> failure(::archive* reader) {
  const char* text = archive_error_string(reader);
  return trouble(Error::Kind::malformed, fmt::format("it does not unpack: {}", text == nullptr ? "no reason" : text));
}

/// Hands blocks on and counts them.
class Counted {
 public:
  Counted(std::size_t packed_bytes, const UnpackLimits& limits, const TakeBlock& take)
      : packed_bytes_(packed_bytes), limits_(limits), take_(take) {}

  Result<void> take(std::string_view block) {
    if (limits_.stop.stop_requested()) return std::unexpected(unpacking_timed_out());
    bytes_ += block.size();
    if (bytes_ > limits_.bytes) {
      return trouble(Error::Kind::too_large, fmt::format("it unpacks to more than {} bytes", limits_.bytes));
    }
    if (bytes_ > limits_.ratio_from && bytes_ / limits_.ratio > packed_bytes_) {
      return trouble(
          Error::Kind::too_large,
          fmt::format("each of its bytes unpacks to more than {}: what is packed like that means harm", limits_.ratio));
    }
    return take_(block);
  }

 private:
  std::uint64_t packed_bytes_;
  const UnpackLimits& limits_;
  const TakeBlock& take_;
  std::uint64_t bytes_ = 0;
};

Result<void> take_plain(std::string_view bytes, Counted& counted) {
  while (!bytes.empty()) {
    const auto block = bytes.substr(0, unpack_step_bytes);
    if (auto taken = counted.take(block); !taken) return taken;
    bytes.remove_prefix(block.size());
  }
  return {};
}

/// Anything but ARCHIVE_OK says that this libarchive would run a program to unpack.
int add_filter(::archive* reader, Packing packing) {
  switch (packing) {
    case Packing::gzip:
      return archive_read_support_filter_gzip(reader);
    case Packing::zstd:
      return archive_read_support_filter_zstd(reader);
    case Packing::lz4:
      return archive_read_support_filter_lz4(reader);
    case Packing::none:
    case Packing::xz:
    case Packing::bzip2:
    case Packing::zchunk:
      break;
  }
  return ARCHIVE_FATAL;
}

/// The packed bytes, block by block, so that the time limit ends even what unpacks to nothing.
struct Feed {
  std::string_view left;
  const std::stop_token& stop;

  static ::la_ssize_t next(::archive* reader, void* self, const void** block) {
    auto& feed = *static_cast<Feed*>(self);
    if (feed.stop.stop_requested()) {
      archive_set_error(reader, ECANCELED, "the time limit passed");
      return -1;
    }
    const auto part = feed.left.substr(0, unpack_step_bytes);
    *block = part.data();
    feed.left.remove_prefix(part.size());
    return static_cast<::la_ssize_t>(part.size());
  }
};

/// libarchive passes on what no filter of its own claims, and puts a second filter upon what is packed twice.
bool is_filtered_once(::archive* reader) {
  return archive_filter_count(reader) == 2 && archive_filter_code(reader, 0) != ARCHIVE_FILTER_NONE;
}

Result<void> take_packed(std::string_view packed, Packing packing, const UnpackLimits& limits, Counted& counted) {
  const Reader reader(archive_read_new());
  if (!reader) return trouble(Error::Kind::failed, "there is no memory to unpack it");
  if (add_filter(reader.get(), packing) != ARCHIVE_OK) {
    return trouble(Error::Kind::unsupported, "this program was built without its way of packing");
  }
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  Feed feed{packed, limits.stop};
  const auto failed = [&] {
    return limits.stop.stop_requested() ? std::unexpected(unpacking_timed_out()) : failure(reader.get());
  };
  if (archive_read_open(reader.get(), &feed, nullptr, Feed::next, nullptr) != ARCHIVE_OK) return failed();
  if (!is_filtered_once(reader.get())) {
    return trouble(Error::Kind::malformed, "it does not unpack: it ends too early, or was packed twice");
  }
  ::archive_entry* entry = nullptr;
  const int begun = archive_read_next_header(reader.get(), &entry);
  if (begun == ARCHIVE_EOF) return {};
  if (begun != ARCHIVE_OK) return failed();
  for (;;) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    ::la_int64_t offset = 0;
    const int status = archive_read_data_block(reader.get(), &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK) return failed();
    if (auto taken = counted.take({static_cast<const char*>(bytes), size}); !taken) return taken;
  }
}

}  // namespace

Packing packing_of(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  constexpr std::array<std::pair<std::string_view, Packing>, 7> beginnings = {{{"\x1f\x8b"sv, Packing::gzip},
                                                                               {"\xfd"
                                                                                "7zXZ\0"sv,
                                                                                Packing::xz},
                                                                               {"\x28\xb5\x2f\xfd"sv, Packing::zstd},
                                                                               {"\x04\x22\x4d\x18"sv, Packing::lz4},
                                                                               {"BZh"sv, Packing::bzip2},
                                                                               {"\0ZCK1"sv, Packing::zchunk},
                                                                               {"\0ZHR1"sv, Packing::zchunk}}};
  for (const auto& [beginning, packing] : beginnings) {
    if (bytes.starts_with(beginning)) return packing;
  }
  return Packing::none;
}

Result<void> unpack(std::string_view packed, const UnpackLimits& limits, const TakeBlock& take) {
  Counted counted(packed.size(), limits, take);
  const auto packing = packing_of(packed);
  switch (packing) {
    case Packing::none:
      return take_plain(packed, counted);
    case Packing::bzip2:
      return trouble(Error::Kind::unsupported, "it is packed by bzip2, which is not read");
    case Packing::zchunk:
      return trouble(Error::Kind::unsupported, "it is packed by zchunk, which is not read");
    case Packing::xz:
      return unpack_xz(packed, limits, [&](std::string_view block) { return counted.take(block); });
    case Packing::gzip:
    case Packing::zstd:
    case Packing::lz4:
      break;
  }
  return take_packed(packed, packing, limits, counted);
}

}  // namespace plimsoll::formats
