// Rules in the language of nft(8): /etc/nftables.conf, and what `nft list ruleset` prints.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

struct NftablesFile {
  std::string path;
  std::string text;
};

/// The files that an `include` stands for, in the order in which nft reads them.
using NftablesInclude = std::function<Result<std::vector<NftablesFile>>(std::string_view pattern)>;

/// The rule set after the file was loaded into a kernel without rules: tables of the families ip, ip6 and inet, with
/// their chains; rules that are added, inserted or replaced by what follows them; definitions, sets and maps resolved.
/// A condition that is not understood becomes one that nobody can judge; a command that is not, a doubt.
/// Errors: malformed, with "path:line", for text that no nft would load; what `include` fails with; too_large.
[[nodiscard]] Result<PacketFilter> parse_nftables(const NftablesFile& file, const NftablesInclude& include);

}  // namespace plimsoll::formats
