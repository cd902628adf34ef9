// rsyslog.conf, in its old and new forms.
#include "engine/formats/rsyslog_conf.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto config = parse_rsyslog_conf(text);
  require(config.statements.size() <= 20'001);
  for (const auto& statement : config.statements) {
    require(statement.line > 0);
    require(statement.kind != RsyslogStatement::Kind::object || !statement.name.empty());
    for (const auto& parameter : statement.parameters) require(!parameter.values.empty() || parameter.literal);
  }
}
