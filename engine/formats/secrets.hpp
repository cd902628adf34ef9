// Secrets in texts that are otherwise worth showing: lines of configuration, command lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// What stands where a secret stood.
inline constexpr std::string_view masked = "<masked>";

/// The line without the secrets that can be told by their form: crypt(3) and GRUB PBKDF2 hashes keep their algorithm
/// and lose the rest; the value of a key that is, or ends in, password, passwd, passphrase, secret, token, api_key or
/// access_key (any case, `-` or `_`) behind `=` or `:` is masked, and so is the password in a URL. Empty values and the
/// words of switches (yes, no, true, false, none) stay, and so does what follows `passwd:` (nsswitch.conf, sudoers).
[[nodiscard]] std::string mask_secrets(std::string_view line);

/// A command line, each argument through mask_secrets(), and whole where the option before it names a secret
/// ("--password X"); also the value that is glued to `-p` for the MySQL and MariaDB clients.
[[nodiscard]] std::vector<std::string> mask_arguments(std::vector<std::string> arguments);

}  // namespace plimsoll::formats
