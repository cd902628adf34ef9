// The two constants of the HTML report, built in from html_style.css and html_script.js.
#pragma once

#include <string_view>

namespace plimsoll::reports {

[[nodiscard]] std::string_view html_style();
[[nodiscard]] std::string_view html_script();

}  // namespace plimsoll::reports
