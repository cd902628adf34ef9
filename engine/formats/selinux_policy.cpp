#include "engine/formats/selinux_policy.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace plimsoll::formats {
namespace {

// libsepol's policydb.h and the kernel's security/selinux/ss/policydb.c. Numbers are little-endian.
constexpr std::uint32_t magic = 0xf97cff8cU;
constexpr std::string_view target = "SE Linux";
constexpr std::uint32_t with_permissive = 23;
constexpr std::uint32_t with_bounds = 24;
constexpr std::uint32_t with_object_defaults = 27;
constexpr std::uint32_t with_default_type = 28;
constexpr std::uint32_t with_constraint_names = 29;
constexpr std::uint32_t newest = 35;
constexpr std::uint32_t names_in_expression = 5;  // CEXPR_NAMES
constexpr std::size_t max_permissive = 100'000;

/// Takes numbers and texts off the bytes; once they end early, all that follows is nought.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ended() const { return ended_; }
  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto bytes = text(4);
    for (std::size_t i = bytes.size(); i > 0; --i) value = (value << 8U) | static_cast<unsigned char>(bytes[i - 1]);
    return value;
  }
  std::string_view text(std::size_t size) {
    if (size > rest_.size()) {
      ended_ = true;
      rest_ = {};
      return {};
    }
    const auto found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  void skip_numbers(std::size_t count) { (void)text(count > rest_.size() / 4 ? rest_.size() + 1 : count * 4); }

  /// A set of numbers: the size of a word in bits, the end, and words that are not nought with their first number.
  template <class Take>
  void set(Take take) {
    skip_numbers(2);
    const auto words = number();
    for (std::uint32_t i = 0; i < words && !ended_; ++i) {
      const auto first = number();
      const std::uint64_t low = number();
      const auto word = (static_cast<std::uint64_t>(number()) << 32U) | low;
      for (unsigned bit = 0; bit < 64 && !ended_; ++bit) {
        if (((word >> bit) & 1U) != 0) take(first + bit);
      }
    }
  }
  void skip_set() {
    skip_numbers(2);
    const auto words = number();
    skip_numbers(std::size_t{3} * words);
  }

 private:
  std::string_view rest_;
  bool ended_ = false;
};

class Reader {
 public:
  Reader(std::string_view bytes, std::uint32_t version) : bytes_(bytes), version_(version) {}

  std::optional<std::set<std::uint32_t>> permissive() {
    std::set<std::uint32_t> found;
    bytes_.skip_set();  // capabilities of the policy
    bytes_.set([&](std::uint32_t type) {
      if (found.size() < max_permissive) found.insert(type);
    });
    return bytes_.ended() || found.size() == max_permissive ? std::nullopt : std::optional(std::move(found));
  }

  /// The names of types by their numbers; commons, classes and roles stand before them.
  std::vector<std::string> names_of(const std::set<std::uint32_t>& wanted) {
    table([&] { common(); });
    table([&] { object_class(); });
    table([&] { role(); });
    std::vector<std::string> names;
    table([&] {
      const auto length = bytes_.number();
      const auto value = bytes_.number();
      const bool primary = (bytes_.number() & 1U) != 0;  // others are second names of the same type
      if (version_ >= with_bounds) bytes_.skip_numbers(1);
      const auto name = bytes_.text(length);
      if (primary && !bytes_.ended() && wanted.contains(value)) names.emplace_back(name);
    });
    return names;
  }

  [[nodiscard]] bool ended() const { return bytes_.ended(); }

 private:
  template <class Read>
  void table(Read read) {
    bytes_.skip_numbers(1);  // how many numbers there are
    const auto entries = bytes_.number();
    for (std::uint32_t i = 0; i < entries && !bytes_.ended(); ++i) read();
  }

  void permissions(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count && !bytes_.ended(); ++i) {
      const auto length = bytes_.number();
      bytes_.skip_numbers(1);
      (void)bytes_.text(length);
    }
  }
  void common() {
    const auto length = bytes_.number();
    bytes_.skip_numbers(2);
    const auto count = bytes_.number();
    (void)bytes_.text(length);
    permissions(count);
  }
  void constraints(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count && !bytes_.ended(); ++i) {
      bytes_.skip_numbers(1);
      const auto expressions = bytes_.number();
      for (std::uint32_t each = 0; each < expressions && !bytes_.ended(); ++each) {
        const auto kind = bytes_.number();
        bytes_.skip_numbers(2);
        if (kind != names_in_expression) continue;
        bytes_.skip_set();
        if (version_ < with_constraint_names) continue;
        bytes_.skip_set();
        bytes_.skip_set();
        bytes_.skip_numbers(1);
      }
    }
  }
  void object_class() {
    const auto length = bytes_.number();
    const auto common_length = bytes_.number();
    bytes_.skip_numbers(2);
    const auto count = bytes_.number();
    const auto rules = bytes_.number();
    (void)bytes_.text(length);
    (void)bytes_.text(common_length);
    permissions(count);
    constraints(rules);
    constraints(bytes_.number());  // of changes of labels
    if (version_ >= with_object_defaults) bytes_.skip_numbers(3);
    if (version_ >= with_default_type) bytes_.skip_numbers(1);
  }
  void role() {
    const auto length = bytes_.number();
    bytes_.skip_numbers(version_ >= with_bounds ? 2 : 1);
    (void)bytes_.text(length);
    bytes_.skip_set();
    bytes_.skip_set();
  }

  Bytes bytes_;
  std::uint32_t version_;
};

std::unexpected<Error> malformed(std::string_view what) {
  return std::unexpected(Error{Error::Kind::malformed, std::string(what)});
}

}  // namespace

Result<SelinuxPolicy> parse_selinux_policy(std::string_view bytes) {
  constexpr std::size_t header = 8 + target.size() + 16;
  Bytes start(bytes);
  if (start.number() != magic || start.number() != target.size() || start.text(target.size()) != target) {
    return malformed("it is no policy of SELinux for the kernel");
  }
  SelinuxPolicy policy;
  policy.version = start.number();
  start.skip_numbers(3);  // its configuration, and how many tables there are
  if (start.ended()) return malformed("the policy ends early");
  if (policy.version < with_permissive || policy.version > newest) {
    return std::unexpected(
        Error{Error::Kind::unsupported, fmt::format("policies of version {} are not read", policy.version)});
  }
  Reader reader(bytes.substr(header), policy.version);
  const auto wanted = reader.permissive();
  if (!wanted) return malformed("the policy ends early");
  if (wanted->empty()) return policy;
  policy.permissive_types = reader.names_of(*wanted);
  if (reader.ended()) return malformed("the policy ends early");
  if (policy.permissive_types.empty()) return malformed("the policy makes types permissive that it does not have");
  std::sort(policy.permissive_types.begin(), policy.permissive_types.end());
  return policy;
}

}  // namespace plimsoll::formats
