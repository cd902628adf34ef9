// sshd_config, which may include itself.
#include "engine/formats/sshd_config.hpp"
#include "engine/formats/sshd_words.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  unsigned included = 0;
  SshdInput input;
  input.file = {"/etc/ssh/sshd_config", std::string(text)};
  input.include = [&](const std::string& pattern) -> plimsoll::Result<std::vector<SshdFile>> {
    if (++included > 4) return std::vector<SshdFile>{};
    return std::vector<SshdFile>{{pattern, std::string(text)}};
  };
  const auto config = read_sshd_config(input);
  if (!config) require(!config.error().what.empty());
  (void)parse_sshd_time(text);
  (void)parse_sshd_integer(text);
}
