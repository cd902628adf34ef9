#include "engine/formats/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/formats/unpack_xz.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t longest_beginning = 6;  // of those that packing_of() knows

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

std::unexpected<Error> timed_out() {
  return trouble(Error::Kind::timed_out, "the time limit passed before all of it was unpacked");
}

/// The packed bytes, of which the first ones are looked at before they are given.
class Source {
 public:
  Source(const Packed& packed, const UnpackLimits& limits) : packed_(packed), limits_(limits) {}

  /// To be asked once, before anything else.
  Result<Packing> packing() {
    while (beginning_.size() < longest_beginning) {
      const auto part = packed_.next();
      if (!part) return std::unexpected(part.error());
      if (part->empty()) break;
      if (gathered_.empty() && part->size() >= longest_beginning) {  // nearly always
        beginning_ = *part;
        break;
      }
      gathered_ += *part;
      beginning_ = gathered_;
    }
    return packing_of(beginning_);
  }

  /// With every part the time limit is looked at, so that it ends even what unpacks to nothing.
  Result<std::string_view> next() {
    if (limits_.stop.stop_requested()) return timed_out();
    if (!beginning_.empty()) return given(std::exchange(beginning_, {}));
    const auto part = packed_.next();
    return part ? given(*part) : part;
  }

  [[nodiscard]] std::uint64_t bytes() const { return std::max(packed_.size, given_bytes_); }

 private:
  std::string_view given(std::string_view part) {
    given_bytes_ += part.size();
    return part;
  }

  const Packed& packed_;
  const UnpackLimits& limits_;
  std::string gathered_;
  std::string_view beginning_;
  std::uint64_t given_bytes_ = 0;
};

/// Hands blocks on and counts them.
class Counted {
 public:
  Counted(const Source& source, const UnpackLimits& limits, const TakeBlock& take)
      : source_(source), limits_(limits), take_(take) {}

  Result<void> take(std::string_view block) {
    if (limits_.stop.stop_requested()) return timed_out();
    bytes_ += block.size();
    if (bytes_ > limits_.bytes) {
      return trouble(Error::Kind::too_large, fmt::format("it unpacks to more than {} bytes", limits_.bytes));
    }
    if (bytes_ > limits_.ratio_from && bytes_ / limits_.ratio > source_.bytes()) {
      return trouble(
          Error::Kind::too_large,
          fmt::format("each of its bytes unpacks to more than {}: what is packed like that means harm", limits_.ratio));
    }
    return take_(block);
  }

 private:
  const Source& source_;
  const UnpackLimits& limits_;
  const TakeBlock& take_;
  std::uint64_t bytes_ = 0;
};

Result<void> take_plain(Source& source, Counted& counted) {
  for (;;) {
    const auto part = source.next();
    if (!part) return std::unexpected(part.error());
    if (part->empty()) return {};
    if (auto taken = counted.take(*part); !taken) return taken;
  }
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

/// What libarchive asks for more. It does not carry our errors, and not all of its answers tell that there was one.
struct Feed {
  Source& source;
  std::optional<Error> error = {};

  static ::la_ssize_t next(::archive* reader, void* self, const void** block) {
    auto& feed = *static_cast<Feed*>(self);
    auto part = feed.error ? std::unexpected(*feed.error) : feed.source.next();
    if (!part) {
      feed.error = std::move(part.error());
      archive_set_error(reader, EIO, "no more could be read");
      return -1;
    }
    *block = part->data();
    return static_cast<::la_ssize_t>(part->size());
  }
};

/// libarchive passes on what no filter of its own claims, and puts a second filter upon what is packed twice.
bool is_filtered_once(::archive* reader) {
  return archive_filter_count(reader) == 2 && archive_filter_code(reader, 0) != ARCHIVE_FILTER_NONE;
}

Result<void> take_packed(::archive* reader, Counted& counted) {
  if (!is_filtered_once(reader)) {
    return trouble(Error::Kind::malformed, "it does not unpack: it ends too early, or was packed twice");
  }
  ::archive_entry* entry = nullptr;
  const int begun = archive_read_next_header(reader, &entry);
  if (begun == ARCHIVE_EOF) return {};
  if (begun != ARCHIVE_OK) return failure(reader);
  for (;;) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    ::la_int64_t offset = 0;
    const int status = archive_read_data_block(reader, &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK) return failure(reader);
    if (auto taken = counted.take({static_cast<const char*>(bytes), size}); !taken) return taken;
  }
}

Result<void> take_packed(Source& source, Packing packing, Counted& counted) {
  const Reader reader(archive_read_new());
  if (!reader) return trouble(Error::Kind::failed, "there is no memory to unpack it");
  if (add_filter(reader.get(), packing) != ARCHIVE_OK) {
    return trouble(Error::Kind::unsupported, "this program was built without its way of packing");
  }
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  Feed feed{source};
  const bool opened = archive_read_open(reader.get(), &feed, nullptr, Feed::next, nullptr) == ARCHIVE_OK;
  Result<void> taken = failure(reader.get());
  if (opened) taken = take_packed(reader.get(), counted);
  if (feed.error) return std::unexpected(std::move(*feed.error));
  return taken;
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

Result<void> unpack(const Packed& packed, const UnpackLimits& limits, const TakeBlock& take) {
  Source source(packed, limits);
  Counted counted(source, limits, take);
  const auto packing = source.packing();
  if (!packing) return std::unexpected(packing.error());
  switch (*packing) {
    case Packing::none:
      if (!limits.may_be_plain) {
        return trouble(Error::Kind::unsupported, "it is not packed by gzip, xz, lz4 or zstd");
      }
      return take_plain(source, counted);
    case Packing::bzip2:
      return trouble(Error::Kind::unsupported, "it is packed by bzip2, which is not read");
    case Packing::zchunk:
      return trouble(Error::Kind::unsupported, "it is packed by zchunk, which is not read");
    case Packing::xz:
      return unpack_xz([&] { return source.next(); }, limits.memory,
                       [&](std::string_view block) { return counted.take(block); });
    case Packing::gzip:
    case Packing::zstd:
    case Packing::lz4:
      break;
  }
  return take_packed(source, *packing, counted);
}

}  // namespace plimsoll::formats
