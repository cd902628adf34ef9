#include "engine/formats/unpack_xz.hpp"

#include <fmt/core.h>
#include <lzma.h>

#include <string>
#include <utility>

namespace plimsoll::formats {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10U;

class Decoder {
 public:
  explicit Decoder(std::uint64_t memory) : begun_(lzma_stream_decoder(&stream_, memory, LZMA_CONCATENATED)) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { lzma_end(&stream_); }

  [[nodiscard]] ::lzma_ret begun() const { return begun_; }
  ::lzma_stream& stream() { return stream_; }

 private:
  ::lzma_stream stream_ = LZMA_STREAM_INIT;
  ::lzma_ret begun_;
};

Error failure(::lzma_ret status, std::uint64_t memory) {
  if (status == LZMA_MEMLIMIT_ERROR) {
    return {Error::Kind::too_large, fmt::format("to unpack it takes more than {} bytes of memory", memory)};
  }
  if (status == LZMA_MEM_ERROR) return {Error::Kind::failed, "there is no memory to unpack it"};
  if (status == LZMA_BUF_ERROR) return {Error::Kind::malformed, "it does not unpack: it ends too early"};
  return {Error::Kind::malformed, "it does not unpack: it is damaged"};
}

}  // namespace

Result<void> unpack_xz(const NextPart& next, std::uint64_t memory, const TakeBlock& take) {
  Decoder decoder(memory);
  auto status = decoder.begun();
  if (status != LZMA_OK) return std::unexpected(failure(status, memory));
  std::string block(block_bytes, '\0');
  auto& stream = decoder.stream();
  bool ended = false;
  while (status == LZMA_OK) {
    if (stream.avail_in == 0 && !ended) {
      const auto part = next();
      if (!part) return std::unexpected(part.error());
      stream.next_in = reinterpret_cast<const std::uint8_t*>(part->data());
      stream.avail_in = part->size();
      ended = part->empty();
    }
    stream.next_out = reinterpret_cast<std::uint8_t*>(block.data());
    stream.avail_out = block.size();
    status = lzma_code(&stream, ended ? LZMA_FINISH : LZMA_RUN);
    const auto size = block.size() - stream.avail_out;
    if (size == 0) continue;
    if (auto taken = take(std::string_view(block).substr(0, size)); !taken) return taken;
  }
  if (status != LZMA_STREAM_END) return std::unexpected(failure(status, memory));
  return {};
}

}  // namespace plimsoll::formats
