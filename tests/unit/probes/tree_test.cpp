#include "engine/probes/tree.hpp"

#include <algorithm>
#include <random>

#include "engine/evaluate/evaluate.hpp"
#include "engine/probes/tree_filter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Condition;
using plimsoll::Error;
using plimsoll::IfEmpty;
using plimsoll::Leaf;
using plimsoll::Operator;
using plimsoll::Quantifier;
using plimsoll::Record;
using plimsoll::Value;
using plimsoll::Verdict;
using plimsoll::probes::tree_probe;
using plimsoll::probes::TreeField;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

Condition test(TreeField field, Value value, Operator op = Operator::equals) {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.field = static_cast<std::uint16_t>(field);
  condition.op = op;
  condition.operands = {std::move(value)};
  return condition;
}

Condition all(std::vector<Condition> parts) {
  Condition condition;
  condition.parts = std::move(parts);
  return condition;
}

Leaf leaf(Quantifier quantifier, Condition where, Condition expect, IfEmpty if_empty = IfEmpty::pass) {
  Leaf made;
  made.quantifier = quantifier;
  made.where = std::move(where);
  made.expect = std::move(expect);
  made.if_empty = if_empty;
  return made;
}

FakeTree small_host() {
  FakeTree tree;
  tree.as_root = true;
  tree.files["/etc/passwd"].content = "root:x:0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n";
  tree.files["/etc/group"].content = "root:x:0:\nbob:x:1000:\n";
  tree.files["/tmp"] = {.type = FileType::directory, .mode = 01777};
  tree.files["/var/spool/open"] = {.type = FileType::directory, .mode = 0777};
  tree.files["/usr/bin/su"] = {.mode = 04755};
  tree.files["/home/bob/open"] = {.mode = 0666, .uid = 1000, .gid = 1000};
  tree.files["/home/bob/link"] = {.type = FileType::symlink, .uid = 1000, .gid = 1000, .target = "open"};
  tree.files["/srv/orphan"] = {.uid = 4242, .gid = 100000};
  return tree;
}

const Leaf no_open_files = leaf(Quantifier::none, test(TreeField::type, "file"), test(TreeField::world_writable, true));
const Leaf open_directories_are_sticky =
    leaf(Quantifier::every, all({test(TreeField::type, "directory"), test(TreeField::world_writable, true)}),
         test(TreeField::sticky, true));
const Leaf all_owned = leaf(Quantifier::every, {}, test(TreeField::owner_known, true));

}  // namespace

TEST_CASE("only entries that can decide a check become records", "[probes][tree]") {
  struct Case {
    const char* what;
    Leaf leaf;
    std::vector<std::string> paths;
  };
  Leaf set_ids;
  set_ids.quantifier = Quantifier::show;
  set_ids.where = all({test(TreeField::set_uid, true)});
  const auto c = GENERATE_COPY(values<Case>({
      {"world-writable files, and no links, whose modes mean nothing", no_open_files, {"/home/bob/open"}},
      {"world-writable directories without the sticky bit", open_directories_are_sticky, {"/var/spool/open"}},
      {"owners that the host does not know", all_owned, {"/srv/orphan"}},
      {"what is shown to a person", set_ids, {"/usr/bin/su"}},
      {"modes beyond a limit",
       leaf(Quantifier::every, test(TreeField::type, "file"),
            test(TreeField::mode, std::int64_t{0755}, Operator::mode_within)),
       {"/home/bob/open", "/usr/bin/su"}},
      {"a condition on the path is left to the judge",
       leaf(Quantifier::none, test(TreeField::path, "^/srv/", Operator::matches),
            test(TreeField::uid, std::int64_t{4242})),
       {"/srv/orphan"}},
  }));
  CAPTURE(c.what);
  const FakeRoot root(small_host());
  auto answer = ask(tree_probe, root, {}, {c.leaf});
  auto paths = answer.texts("path");
  std::sort(paths.begin(), paths.end());
  CHECK(paths == c.paths);
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "17 entries of / (ext4)");
}

TEST_CASE("a record of the tree has all its fields", "[probes][tree]") {
  const FakeRoot root(small_host());
  const auto answer = ask(tree_probe, root, {}, {all_owned});
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.records[0].source == "/srv/orphan");
  CHECK(answer.records[0].resource == "/srv/orphan");
  CHECK(answer.text("type") == "file");
  CHECK(answer.text("mode") == "0644");
  CHECK(answer.text("uid") == "4242");
  CHECK(answer.text("gid") == "100000");
  CHECK(answer.text("owner_known") == "false");
  CHECK(answer.text("group_known") == "false");
  CHECK(answer.text("world_writable") == "false");
  CHECK(answer.text("set_uid") == "false");
  CHECK(answer.text("set_gid") == "false");
  CHECK(answer.text("sticky") == "false");
}

TEST_CASE("nobody is unknown where the list of users could not be read", "[probes][tree]") {
  auto tree = small_host();
  const auto trouble = GENERATE(as<std::string>{}, "no passwd", "denied", "sssd", "no nsswitch");
  CAPTURE(trouble);
  auto kind = std::string("(unreadable: denied)");
  if (trouble == "no passwd") {
    tree.files.erase("/etc/passwd");
    kind = "(unreadable: not_found)";
  } else if (trouble == "denied") {
    tree.files["/etc/passwd"].trouble = FakeFile::Trouble::denied;
  } else if (trouble == "sssd") {
    tree.files["/etc/nsswitch.conf"].content = "passwd: files sss\ngroup: files\n";
    kind = "(unreadable: unobservable)";
  } else {
    tree.files["/etc/nsswitch.conf"].trouble = FakeFile::Trouble::denied;
  }
  const FakeRoot root(tree);
  const auto answer = ask(tree_probe, root, {}, {all_owned, no_open_files});
  CHECK_FALSE(answer.failure);  // world-writable files are judged all the same
  // One entry stands for all of those that nobody can judge.
  REQUIRE(answer.records.size() == 2);
  CHECK(answer.text("world_writable", 0) == "true");
  CHECK(answer.text("owner_known", 1) == kind);
}

TEST_CASE("a place that the walk could not enter is an error, one left out by design is a limit", "[probes][tree]") {
  auto tree = small_host();
  tree.left_out = {{"/mnt/nfs", "nfs4: not a local file system", true}};
  tree.files["/root/secret"] = {};
  tree.files["/root"] = {.type = FileType::directory, .trouble = FakeFile::Trouble::denied};
  const FakeRoot root(tree);
  const auto answers = ask_all(tree_probe, root, {{}}, {no_open_files});
  const auto& answer = answers.answers[0];
  CHECK(answer.texts("path") == std::vector<std::string>{"/home/bob/open"});  // a break that was seen still counts
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
  CHECK(answer.failure->what == "the walk could not enter /root (permission denied)");
  CHECK_FALSE(answer.failure->remedy.empty());
  REQUIRE(answers.left_out.size() == 1);
  CHECK(answers.left_out[0].what == "/mnt/nfs");
  CHECK(answers.left_out[0].why == "nfs4: not a local file system");
}

TEST_CASE("one walk answers every question", "[probes][tree]") {
  const FakeRoot inner(small_host());
  const CountingRoot root(inner);
  const auto answers = ask_all(tree_probe, root, {{}, {}}, {no_open_files, all_owned});
  CHECK(root.walks() == 1);
  CHECK(answers.answers[0].records.size() == 2);
  CHECK(answers.answers[1].records.size() == 2);
}

namespace {

/// Draws leaves and trees in which everything that the filter tells apart happens.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(engine_); }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(static_cast<unsigned>(values.size())));
  }

  Condition condition(unsigned depth) {
    const auto roll = below(depth == 0 ? 7 : 10);
    if (roll >= 7) {
      Condition made;
      made.kind = roll == 7 ? Condition::Kind::all : roll == 8 ? Condition::Kind::any : Condition::Kind::negation;
      const auto parts = made.kind == Condition::Kind::negation ? 1 : below(3);
      for (unsigned i = 0; i < parts; ++i) made.parts.push_back(condition(depth - 1));
      return made;
    }
    switch (roll) {
      case 0:
        return test(TreeField::type, std::string(one_of({"file", "directory", "link"})));
      case 1:
        return test(TreeField::mode, std::int64_t{one_of({0755, 0644, 01777, 0022})},
                    one_of({Operator::mode_within, Operator::equals, Operator::at_most, Operator::not_in}));
      case 2:
        return test(TreeField::uid, std::int64_t{one_of({0, 5, 70000})},
                    one_of({Operator::equals, Operator::at_least, Operator::at_most}));
      case 3:
        return test(one_of({TreeField::owner_known, TreeField::group_known}), below(2) == 0);
      case 4:
        return test(TreeField::path, std::string("^/[a-m]"), Operator::matches);
      case 5:
        return test(one_of({TreeField::gid, TreeField::owner_known, TreeField::type}), below(2) == 0, Operator::exists);
      default:
        return test(one_of({TreeField::world_writable, TreeField::set_uid, TreeField::set_gid, TreeField::sticky}),
                    below(2) == 0);
    }
  }

  Leaf any_leaf() {
    auto made = leaf(one_of({Quantifier::every, Quantifier::every, Quantifier::none, Quantifier::none, Quantifier::some,
                             Quantifier::count}),
                     below(3) == 0 ? Condition{} : condition(2), condition(2),
                     one_of({IfEmpty::pass, IfEmpty::fail, IfEmpty::not_applicable}));
    if (made.quantifier == Quantifier::count) {
      made.count_at_most = std::int64_t{below(4)};
      made.expect = {};
    }
    return made;
  }

  FakeTree tree() {
    FakeTree made;
    made.as_root = true;
    if (below(4) != 0) made.files["/etc/passwd"].content = "root:x:0:0::/:/bin/sh\nbig:x:70000:70000::/:/bin/sh\n";
    if (below(4) != 0) made.files["/etc/group"].content = "root:x:0:\nbig:x:70000:\n";
    if (below(4) == 0) made.files["/etc/nsswitch.conf"].content = "passwd: files ldap\n";
    const auto entries = below(12);
    for (unsigned i = 0; i < entries; ++i) {
      FakeFile file;
      file.type = one_of({FileType::regular, FileType::regular, FileType::directory, FileType::symlink});
      file.mode = static_cast<std::uint32_t>(one_of({0644, 0755, 01777, 0777, 04755, 02755, 0666}));
      file.uid = one_of({0U, 5U, 70000U, 70001U});
      file.gid = one_of({0U, 5U, 70000U});
      file.target = "x";
      made.files["/" + std::string(1, static_cast<char>('a' + below(26))) + std::to_string(i)] = file;
    }
    return made;
  }

 private:
  std::mt19937 engine_;
};

/// Judges one leaf on the records, as an audit would.
Verdict verdict_on(const Leaf& leaf, const std::vector<Record>& records) {
  plimsoll::Plan plan;
  plan.facts.push_back({tree_probe.schema, {}, {0}});
  plan.leaves.push_back(leaf);
  plimsoll::PlannedCheck check;
  check.id = "drawn";
  plan.checks.push_back(check);
  plimsoll::evaluate::Fold fold(plan, 0);
  for (const auto& record : records) fold.add(0, record);
  fold.looked_at(0, "everything", "/");
  return fold.finish().front().verdict;
}

/// A leaf that asks for every entry.
Leaf everything() {
  Leaf made;
  made.quantifier = Quantifier::show;
  made.if_empty = IfEmpty::pass;
  return made;
}

}  // namespace

TEST_CASE("judging the records that the filter lets through gives the verdict of judging all", "[probes][tree]") {
  unsigned left_out = 0;
  std::map<Verdict, unsigned> verdicts;
  for (unsigned seed = 0; seed < 6000; ++seed) {
    Dice dice(seed);
    const FakeRoot root(dice.tree());
    const auto drawn = dice.any_leaf();
    const auto all_records = ask(tree_probe, root, {}, {everything()}).records;
    const auto some_records = ask(tree_probe, root, {}, {drawn}).records;
    const auto expected = verdict_on(drawn, all_records);
    ++verdicts[expected];
    if (some_records.size() < all_records.size()) ++left_out;
    if (verdict_on(drawn, some_records) != expected) {
      CAPTURE(seed, some_records.size(), all_records.size());
      CHECK(verdict_on(drawn, some_records) == expected);
    }
  }
  // The draw is worth something: the filter works, and every verdict comes up.
  CHECK(left_out > 2000);
  for (const auto verdict : {Verdict::pass, Verdict::fail, Verdict::error, Verdict::not_applicable}) {
    CHECK(verdicts[verdict] > 100);
  }
}

TEST_CASE("breaks that the filter lets through are those of all records", "[probes][tree]") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    const FakeRoot root(dice.tree());
    const auto drawn = leaf(Quantifier::every, {}, dice.condition(2));
    const auto broken = [&](const std::vector<Record>& records) {
      std::vector<std::string> paths;
      for (const auto& record : records) {
        if (verdict_on(drawn, {record}) == Verdict::fail) paths.push_back(record.resource);
      }
      std::sort(paths.begin(), paths.end());
      return paths;
    };
    CAPTURE(seed);
    CHECK(broken(ask(tree_probe, root, {}, {drawn}).records) ==
          broken(ask(tree_probe, root, {}, {everything()}).records));
  }
}
