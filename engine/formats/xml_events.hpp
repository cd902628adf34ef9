// XML as it streams by, element by element, for documents that are too large for a tree. Wraps expat.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// The attributes of a start tag, values with their entities replaced. Valid during the call that it was given to.
class XmlAttributes {
 public:
  /// Names and values by turns; the name behind the last one is null.
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}

  /// Empty when there is no such attribute, or nothing in it.
  [[nodiscard]] std::string_view find(std::string_view name) const;

 private:
  const char* const* pairs_;
};

/// Names are as written, with their prefixes. All text is UTF-8.
class XmlVisitor {
 public:
  XmlVisitor() = default;
  XmlVisitor(const XmlVisitor&) = delete;
  XmlVisitor& operator=(const XmlVisitor&) = delete;
  virtual ~XmlVisitor() = default;

  virtual void open(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void close(std::string_view name) = 0;
  virtual void text(std::string_view part) = 0;  ///< one text may come in several parts
};

class XmlEvents {
 public:
  static constexpr unsigned max_depth = 64;
  static constexpr std::size_t max_token_bytes = std::size_t{1} << 20U;    ///< one tag, comment or the like
  static constexpr std::size_t max_memory_bytes = std::size_t{32} << 20U;  ///< of the parser itself

  /// `visitor` must outlive this; `root` is how the outermost element must be called.
  XmlEvents(XmlVisitor& visitor, std::string_view root);
  XmlEvents(const XmlEvents&) = delete;
  XmlEvents& operator=(const XmlEvents&) = delete;
  ~XmlEvents();

  /// The next bytes of the document, wherever they are cut. Errors: malformed, also for a document type and another
  /// root; too_large, beyond the limits above. Nothing can be fed behind an error.
  [[nodiscard]] Result<void> feed(std::string_view block);

  /// No more comes. Errors: malformed, for a document that is not complete.
  [[nodiscard]] Result<void> end();

  /// 1-based, of what is being visited.
  [[nodiscard]] std::uint64_t line() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plimsoll::formats
