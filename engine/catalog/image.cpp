#include "engine/catalog/image.hpp"

#include <sys/types.h>

#include <sha2.h>

#include <cstddef>
#include <unordered_map>

namespace plimsoll::catalog::image {

namespace {

constexpr std::array<std::size_t, table_count> row_sizes = {
    sizeof(TextRow),     sizeof(LinkRow),       sizeof(ProbeRow),     sizeof(ValueRow),  sizeof(ConditionRow),
    sizeof(LeafRow),     sizeof(ExpressionRow), sizeof(ParameterRow), sizeof(CheckRow),  sizeof(SettingRow),
    sizeof(RowCheckRow), sizeof(RoleLevelRow),  sizeof(RowRow),       sizeof(ProfileRow)};

}  // namespace

std::optional<View> View::open(std::string_view block) {
  View view;
  if (block.size() < sizeof(Header)) return std::nullopt;
  Header& header = view.header_;
  std::memcpy(&header, block.data(), sizeof(Header));
  if (header.magic != magic || header.version != format_version || header.bytes != block.size()) return std::nullopt;
  const auto inside = [&](Number offset, std::size_t bytes) {
    return offset >= sizeof(Header) && offset <= block.size() && bytes <= block.size() - offset;
  };
  if (!inside(header.pool_offset, header.pool_bytes)) return std::nullopt;
  for (std::size_t i = 0; i < table_count; ++i) {
    if (!inside(header.offsets[i], header.counts[i] * row_sizes[i])) return std::nullopt;
  }
  view.block_ = block;
  return view;
}

std::vector<std::string_view> View::texts(Range range) const {
  const Range held = within<TextRow>(range);
  std::vector<std::string_view> found;
  found.reserve(held.count);
  for (Number i = 0; i < held.count; ++i) found.push_back(text(row<TextRow>(held.first + i).text));
  return found;
}

std::vector<Control> View::controls(Range range) const {
  const auto held = texts(range);
  std::vector<Control> found;
  found.reserve(held.size() / 2);
  for (std::size_t i = 0; i + 1 < held.size(); i += 2) {
    found.push_back({std::string(held[i]), std::string(held[i + 1])});
  }
  return found;
}

std::optional<Number> role_number(const View& view, const ProfileRow& profile, std::string_view role) {
  if (role.empty()) return 0;
  const auto roles = view.texts(profile.roles);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i] == role) return static_cast<Number>(i);
  }
  return std::nullopt;
}

Assessment assessment_of(const RowRow& row) {
  if (row.assessment > static_cast<Number>(Assessment::decided)) return Assessment::manual;
  return static_cast<Assessment>(row.assessment);
}

std::optional<std::uint8_t> level_for(const View& view, const RowRow& row, Number role) {
  if (role > 31 || (row.roles >> role & 1U) == 0) return std::nullopt;
  const Range levels = view.within<RoleLevelRow>(row.role_levels);
  for (Number i = 0; i < levels.count; ++i) {
    const auto level = view.row<RoleLevelRow>(levels.first + i);
    if (level.role == role) return static_cast<std::uint8_t>(level.level);
  }
  return static_cast<std::uint8_t>(row.level);
}

struct Writer::State {
  std::array<std::string, table_count> tables;
  std::string pool;
  std::unordered_map<std::string, Text> known;
};

Writer::Writer() : state_(std::make_unique<State>()) {}
Writer::~Writer() = default;

Text Writer::text(std::string_view text) {
  if (text.empty()) return {};
  const auto [found, added] = state_->known.try_emplace(std::string(text));
  if (added) {
    found->second = {static_cast<Number>(state_->pool.size()), static_cast<Number>(text.size())};
    state_->pool += text;
  }
  return found->second;
}

Number Writer::append(Table table, const char* bytes, std::size_t size) {
  auto& rows = state_->tables[static_cast<std::size_t>(table)];
  const auto number = static_cast<Number>(rows.size() / size);
  rows.append(bytes, size);
  return number;
}

std::string Writer::finish(std::string_view catalog_version) {
  Header header;
  header.catalog_version = text(catalog_version);
  std::string block(sizeof(Header), '\0');
  for (std::size_t i = 0; i < table_count; ++i) {
    header.offsets[i] = static_cast<Number>(block.size());
    header.counts[i] = static_cast<Number>(state_->tables[i].size() / row_sizes[i]);
    block += state_->tables[i];
  }
  header.pool_offset = static_cast<Number>(block.size());
  header.pool_bytes = static_cast<Number>(state_->pool.size());
  block += state_->pool;
  header.bytes = static_cast<Number>(block.size());
  std::memcpy(block.data(), &header, sizeof(Header));
  return block;
}

Digest digest_of(std::string_view block) {
  Digest digest{};
  if (block.size() < sizeof(Header)) return digest;
  block.remove_prefix(sizeof(Header));
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(block.data()), block.size());
  SHA256Final(digest.data(), &context);
  return digest;
}

void seal(std::string& block) {
  const auto digest = digest_of(block);
  std::memcpy(block.data() + offsetof(Header, digest), digest.data(), digest.size());
}

}  // namespace plimsoll::catalog::image
