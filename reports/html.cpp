#include "reports/html.hpp"

#include <fmt/core.h>
#include <sha2.h>

#include <array>
#include <set>
#include <string>

#include "reports/html_assets.hpp"
#include "reports/html_parts.hpp"
#include "reports/markup.hpp"
#include "reports/names.hpp"
#include "reports/rows.hpp"

namespace plimsoll::reports {

namespace {

std::string base64(std::basic_string_view<unsigned char> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t rest = bytes.size() - at;
    unsigned int group = static_cast<unsigned int>(bytes[at]) << 16;
    if (rest > 1) group |= static_cast<unsigned int>(bytes[at + 1]) << 8;
    if (rest > 2) group |= bytes[at + 2];
    text += digits[group >> 18];
    text += digits[(group >> 12) & 0x3F];
    text += rest > 1 ? digits[(group >> 6) & 0x3F] : '=';
    text += rest > 2 ? digits[group & 0x3F] : '=';
  }
  return text;
}

// The hash that a content security policy wants for exactly these bytes between the tags (CSP level 3, section 6.7.3).
std::string policy_hash(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  SHA256Final(digest.data(), &context);
  return "'sha256-" + base64({digest.data(), digest.size()}) + "'";
}

// Style and script are constants of ours and must arrive byte for byte, so they alone bypass the tree.
void write_head(std::ostream& out, const Results& results) {
  Markup title;
  title.top().add("title").text("Audit of " + host_of(results.target) + " · plimsoll");
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      << policy_hash(html_style()) << "; script-src " << policy_hash(html_script())
      << "; img-src data:; base-uri 'none'; form-action 'none'\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      << "<meta name=\"color-scheme\" content=\"light dark\">\n"
      << "<meta name=\"referrer\" content=\"no-referrer\">\n<link rel=\"icon\" href=\"data:,\">\n";
  title.write_html(out);
  out << "\n<style>" << html_style() << "</style>\n</head>\n";
}

template <class Add>
void write_part(std::ostream& out, Add add) {
  Markup part;
  add(part.top());
  part.write_html(out);
  out << '\n';
}

void write_profile(std::ostream& out, const Results& results, std::size_t number, std::set<std::string>& anchors) {
  const auto& profile = results.profiles[number];
  out << "<section class=\"profile\">\n";
  write_part(out, [&](const Element& top) { html::add_profile_heading(top, profile); });
  const std::string_view* open_section = nullptr;
  for (const auto& row : profile.rows) {
    const auto& section = row.recommendation.section;
    if (open_section == nullptr || *open_section != section) {
      if (open_section != nullptr) out << "</section>\n";
      out << "<section class=\"group\">\n";
      write_part(out, [&](const Element& top) {
        top.add("h4")
            .set("id", unique_anchor(html::section_anchor(number, section), anchors))
            .text(html::section_name(section));
      });
      open_section = &section;
    }
    const auto anchor = unique_anchor("r-" + slug(profile.identity.id) + "-" + slug(row.recommendation.id), anchors);
    write_part(out, [&](const Element& top) { html::add_row(top, row, results, anchor); });
  }
  if (open_section != nullptr) out << "</section>\n";
  out << "</section>\n";
}

}  // namespace

Result<void> write_html(const Results& results, const Options& /*options*/, std::ostream& out) {
  write_head(out, results);
  out << "<body>\n";
  write_part(out, [&](const Element& top) {
    html::add_symbols(top);
    top.add_line("a").set("class", "skip").set("href", "#results").text("Skip to the results");
    html::add_masthead(top, results);
  });
  out << "<main>\n";
  write_part(out, [&](const Element& top) {
    html::add_limits(top, results);
    const auto summary = top.add_line("section").set("aria-labelledby", "summary");
    summary.add_line("h2").set("id", "summary").text("Summary");
    html::add_totals(summary, results);
    html::add_breakdowns(summary, results);
  });
  out << "<section aria-labelledby=\"results\">\n<h2 id=\"results\" tabindex=\"-1\">Results</h2>\n"
      << "<div id=\"filters\"></div>\n";
  std::set<std::string> anchors = {"summary", "results", "limits", "filters"};
  for (std::size_t number = 0; number < results.profiles.size(); ++number) write_profile(out, results, number, anchors);
  out << "</section>\n";
  write_part(out, [&](const Element& top) {
    html::add_sign_off(top, results);
    html::add_glossary(top);
  });
  out << "</main>\n<script>" << html_script() << "</script>\n</body>\n</html>\n";
  return {};
}

}  // namespace plimsoll::reports
