// Attributes of netlink messages (netlink(7)): length and type, then the payload, each aligned to four bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// One level of attributes by type; the last of a type counts. What is cut short ends the list, and `whole` says so.
class NetlinkAttributes {
 public:
  explicit NetlinkAttributes(std::string_view bytes) {
    while (bytes.size() >= 4) {
      std::uint16_t length = 0;
      std::uint16_t type = 0;
      std::memcpy(&length, bytes.data(), 2);
      std::memcpy(&type, bytes.data() + 2, 2);
      if (length < 4 || length > bytes.size()) {
        whole_ = false;
        return;
      }
      const auto payload = bytes.substr(4, length - 4U);
      items_.emplace_back(static_cast<std::uint16_t>(type & 0x3fffU), payload);
      const std::size_t step = (length + 3U) & ~std::size_t{3};
      bytes = step >= bytes.size() ? std::string_view{} : bytes.substr(step);
    }
  }

  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] const std::vector<std::pair<std::uint16_t, std::string_view>>& items() const { return items_; }

  [[nodiscard]] std::optional<std::string_view> bytes(std::uint16_t type) const {
    std::optional<std::string_view> found;
    for (const auto& [item, payload] : items_) {
      if (item == type) found = payload;
    }
    return found;
  }
  [[nodiscard]] std::string text(std::uint16_t type) const {
    const auto found = bytes(type).value_or(std::string_view{});
    return std::string(found.substr(0, found.find('\0')));
  }
  [[nodiscard]] NetlinkAttributes nested(std::uint16_t type) const {
    return NetlinkAttributes(bytes(type).value_or(std::string_view{}));
  }
  /// In network order, as netfilter writes its numbers.
  [[nodiscard]] std::optional<std::uint32_t> number(std::uint16_t type) const {
    const auto found = bytes(type);
    if (!found || found->size() != 4) return {};
    std::uint32_t value = 0;
    for (const char c : *found) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }

 private:
  std::vector<std::pair<std::uint16_t, std::string_view>> items_;
  bool whole_ = true;
};

}  // namespace plimsoll::formats
