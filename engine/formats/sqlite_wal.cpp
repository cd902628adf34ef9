#include "engine/formats/sqlite_wal.hpp"

#include <fmt/core.h>

#include <bit>
#include <map>
#include <optional>

namespace plimsoll::formats {
namespace {

constexpr std::size_t log_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t magic = 0x377f0682;  // the lowest bit says that checksums read big-endian words
constexpr std::uint32_t format_version = 3007000;

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i > 0; --i) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

/// The running checksum: each frame's continues that of the frame before.
struct Checksum {
  bool big = false;
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += (big ? big_endian(bytes, at) : little_endian(bytes, at)) + second;
      second += (big ? big_endian(bytes, at + 4) : little_endian(bytes, at + 4)) + first;
    }
  }
  [[nodiscard]] bool stands_at(std::string_view bytes, std::size_t at) const {
    return big_endian(bytes, at) == first && big_endian(bytes, at + 4) == second;
  }
};

struct Log {
  std::uint32_t page_bytes = 0;
  std::string_view salts;
  Checksum checksum;
};

std::optional<Log> read_header(std::string_view bytes) {
  if (bytes.size() < log_header_bytes) return {};
  const auto found = big_endian(bytes, 0);
  if ((found & ~1U) != magic || big_endian(bytes, 4) != format_version) return {};
  Log log{big_endian(bytes, 8), bytes.substr(16, 8), {(found & 1U) != 0}};
  if (log.page_bytes < 512 || log.page_bytes > 65536 || !std::has_single_bit(log.page_bytes)) return {};
  log.checksum.add(bytes.substr(0, 24));
  if (!log.checksum.stands_at(bytes, 24)) return {};
  return log;
}

/// The page size in the header of a database file; empty for a file too short to have one.
std::optional<std::uint32_t> page_bytes_of(std::string_view database) {
  if (database.size() < 100) return {};
  const auto stored = (static_cast<std::uint32_t>(static_cast<unsigned char>(database[16])) << 8U) |
                      static_cast<unsigned char>(database[17]);
  return stored == 1 ? 65536U : stored;
}

}  // namespace

Result<WalOutcome> apply_sqlite_wal(std::string& database, std::string_view bytes, std::size_t max_bytes) {
  WalOutcome outcome;
  auto log = read_header(bytes);
  if (!log) return outcome;

  std::map<std::uint32_t, std::string_view> committed;  // page number, from 1 → its content
  std::map<std::uint32_t, std::string_view> open;       // of the transaction that is being read
  std::uint32_t pages = 0;
  const std::size_t frame_bytes = frame_header_bytes + log->page_bytes;
  for (std::size_t at = log_header_bytes; bytes.size() - at >= frame_bytes; at += frame_bytes) {
    const auto frame = bytes.substr(at, frame_bytes);
    log->checksum.add(frame.substr(0, 8));
    log->checksum.add(frame.substr(frame_header_bytes));
    const auto page = big_endian(frame, 0);
    if (page == 0 || frame.substr(8, 8) != log->salts || !log->checksum.stands_at(frame, 16)) break;
    open[page] = frame.substr(frame_header_bytes);
    const auto size_after = big_endian(frame, 4);
    if (size_after == 0) continue;
    for (const auto& [number, content] : open) committed[number] = content;
    open.clear();
    pages = size_after;
    ++outcome.commits;
  }
  if (outcome.commits == 0) return outcome;

  if (const auto own = page_bytes_of(database); own && *own != log->page_bytes) {
    return std::unexpected(
        Error{Error::Kind::malformed,
              fmt::format("pages of {} bytes in the database, of {} in its log", *own, log->page_bytes)});
  }
  const auto total = std::uint64_t{pages} * log->page_bytes;
  if (total > max_bytes) {
    return std::unexpected(Error{Error::Kind::too_large, fmt::format("larger than {} bytes with its log", max_bytes)});
  }
  if (total > database.size()) {  // every page that the file does not have must come from the log
    for (auto page = database.size() / log->page_bytes + 1; page <= pages; ++page) {
      if (!committed.contains(static_cast<std::uint32_t>(page))) {
        return std::unexpected(
            Error{Error::Kind::malformed, fmt::format("page {} is in neither database nor log", page)});
      }
    }
  }
  database.resize(static_cast<std::size_t>(total));
  for (const auto& [number, content] : committed) {
    if (number > pages) continue;  // the database shrank after this page was written
    database.replace(std::size_t{number - 1} * log->page_bytes, log->page_bytes, content);
    ++outcome.frames;
  }
  return outcome;
}

}  // namespace plimsoll::formats
