#include "engine/formats/rpm_repository.hpp"

#include <fmt/core.h>

#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/xml_events.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_text_bytes = 4096;  // what is longer names nothing that could be installed

/// Knows how deep the visitor is, and keeps the text of one element.
class Depth : public XmlVisitor {
 public:
  void text(std::string_view part) final {
    if (taking_ == nullptr) return;
    if (taking_->size() + part.size() > max_text_bytes) {
      too_long_ = true;
      taking_ = nullptr;
      return;
    }
    *taking_ += part;
  }

 protected:
  [[nodiscard]] unsigned depth() const { return depth_; }
  void go_down() { ++depth_; }
  void go_up() {
    --depth_;
    taking_ = nullptr;
  }
  void take(std::string& into) {
    into.clear();
    taking_ = &into;
  }
  [[nodiscard]] bool too_long() const { return too_long_; }
  void forget() { too_long_ = false; }

 private:
  unsigned depth_ = 0;
  std::string* taking_ = nullptr;
  bool too_long_ = false;
};

void put_version(ListedPackage& package, const XmlAttributes& attributes, std::string_view version,
                 std::string_view release) {
  const auto epoch = attributes.find("epoch");
  package.epoch = epoch.empty() ? "0" : epoch;
  package.version = attributes.find(version);
  package.release = attributes.find(release);
}

class RepomdReader final : public Depth {
 public:
  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (depth() == 1 && name == "data") type_ = attributes.find("type");
    if (depth() == 2 && name == "location") files.push_back({type_, std::string(attributes.find("href"))});
    go_down();
  }
  void close(std::string_view /*name*/) override { go_up(); }

  std::vector<RepositoryFile> files;

 private:
  std::string type_;
};

}  // namespace

Result<std::vector<RepositoryFile>> parse_repomd(std::string_view text) {
  RepomdReader reader;
  XmlEvents events(reader, "repomd");
  if (const auto fed = events.feed(text); !fed) return std::unexpected(fed.error());
  if (const auto ended = events.end(); !ended) return std::unexpected(ended.error());
  return std::move(reader.files);
}

std::string ListedPackage::full_version() const {
  const std::string tail = release.empty() ? version : fmt::format("{}-{}", version, release);
  return epoch.find_first_not_of('0') == std::string::npos ? tail : fmt::format("{}:{}", epoch, tail);
}

class RpmPackageList::Reader final : public Depth {
 public:
  explicit Reader(Visit visit) : events(*this, "metadata"), visit_(std::move(visit)) {}

  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (depth() == 1) begin(name, attributes);
    if (depth() == 2 && inside_) {
      if (name == "name") take(package_.name);
      if (name == "arch") take(package_.architecture);
      if (name == "version") put_version(package_, attributes, "ver", "rel");
    }
    go_down();
  }

  void close(std::string_view /*name*/) override {
    go_up();
    if (depth() != 1 || !inside_) return;
    inside_ = false;
    if (!too_long() && !package_.name.empty() && !package_.version.empty()) visit_(package_);
  }

  XmlEvents events;

 private:
  void begin(std::string_view name, const XmlAttributes& attributes) {
    inside_ = name == "package" && attributes.find("type") == "rpm";
    if (!inside_) return;
    package_.name.clear();
    package_.architecture.clear();
    package_.epoch = "0";
    package_.version.clear();
    package_.release.clear();
    package_.line = events.line();
    forget();
  }

  Visit visit_;
  ListedPackage package_;
  bool inside_ = false;
};

RpmPackageList::RpmPackageList(Visit visit) : reader_(std::make_unique<Reader>(std::move(visit))) {}
RpmPackageList::~RpmPackageList() = default;

Result<void> RpmPackageList::feed(std::string_view block) {
  return reader_->events.feed(block);
}
Result<void> RpmPackageList::end() {
  return reader_->events.end();
}

class RpmAdvisoryList::Reader final : public Depth {
 public:
  explicit Reader(Visit visit) : events(*this, "updates"), visit_(std::move(visit)) {}

  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (depth() == 1) {
      inside_ = name == "update";
      advisory_ = {};
      if (inside_) advisory_.type = attributes.find("type");
      forget();
    }
    if (depth() == 2 && inside_) {
      if (name == "id") take(advisory_.id);
      if (name == "severity") take(advisory_.severity);
    }
    if (depth() == 4 && inside_ && name == "package") add(attributes);  // in update, pkglist and collection
    go_down();
  }

  void close(std::string_view /*name*/) override {
    go_up();
    if (depth() != 1 || !inside_) return;
    inside_ = false;
    if (too_long()) return;
    advisory_.id = trimmed(advisory_.id);
    advisory_.severity = trimmed(advisory_.severity);
    visit_(advisory_);
  }

  [[nodiscard]] Result<void> judged(Result<void> outcome) const {
    if (!outcome || !too_many_) return outcome;
    return std::unexpected(
        Error{Error::Kind::too_large, fmt::format("an advisory names more than {} packages", max_packages)});
  }

  XmlEvents events;

 private:
  void add(const XmlAttributes& attributes) {
    too_many_ = too_many_ || advisory_.packages.size() >= max_packages;
    if (too_many_) return;
    ListedPackage package;
    package.name = attributes.find("name");
    package.architecture = attributes.find("arch");
    put_version(package, attributes, "version", "release");
    package.line = events.line();
    if (!package.name.empty() && !package.version.empty()) advisory_.packages.push_back(std::move(package));
  }

  Visit visit_;
  RpmAdvisory advisory_;
  bool inside_ = false;
  bool too_many_ = false;
};

RpmAdvisoryList::RpmAdvisoryList(Visit visit) : reader_(std::make_unique<Reader>(std::move(visit))) {}
RpmAdvisoryList::~RpmAdvisoryList() = default;

Result<void> RpmAdvisoryList::feed(std::string_view block) {
  return reader_->judged(reader_->events.feed(block));
}
Result<void> RpmAdvisoryList::end() {
  return reader_->judged(reader_->events.end());
}

}  // namespace plimsoll::formats
