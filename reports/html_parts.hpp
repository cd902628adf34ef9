// The parts of the HTML report. Each appends to a tree; html.cpp puts them in order.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/results.hpp"
#include "reports/markup.hpp"

namespace plimsoll::reports::html {

/// Shapes that others point to by id. A verdict is told by word, shape and colour.
void add_symbols(const Element& parent);
/// The shape and the word of a verdict.
void add_verdict(const Element& parent, Verdict verdict);

void add_masthead(const Element& parent, const Results& results);
void add_limits(const Element& parent, const Results& results);
void add_totals(const Element& parent, const Results& results);

/// Counts by severity and by section: numbers, and a bar that shows them. Sections link to `section_anchor`.
void add_breakdowns(const Element& parent, const Results& results);

/// The anchor of a section of the n-th profile.
[[nodiscard]] std::string section_anchor(std::size_t profile, std::string_view section);
/// What a section without a name is called.
[[nodiscard]] std::string_view section_name(std::string_view section);

void add_profile_heading(const Element& parent, const ProfileResult& profile);
void add_row(const Element& parent, const RowResult& row, const Results& results, const std::string& anchor);

void add_sign_off(const Element& parent, const Results& results);
void add_glossary(const Element& parent);

}  // namespace plimsoll::reports::html
