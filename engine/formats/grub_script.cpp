#include "engine/formats/grub_script.hpp"

namespace plimsoll::formats {

std::optional<GrubCommand> GrubReader::next() {
  GrubCommand command;
  std::string word;
  bool in_word = false;
  const auto finish_word = [&] {
    if (in_word) command.words.push_back(std::move(word));
    word.clear();
    in_word = false;
  };
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (!in_word && command.words.empty()) command.line = line_;
    if (c == '\n' || c == ';') {
      finish_word();
      ++at_;
      if (c == '\n') ++line_;
      if (!command.words.empty()) return command;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      finish_word();
      ++at_;
    } else if (c == '#' && !in_word) {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if ((c == '{' || c == '}') && !in_word) {
      ++at_;
      command.end = c == '{' ? GrubCommand::End::block : GrubCommand::End::end_of_block;
      return command;
    } else {
      in_word = true;
      take(word);
    }
  }
  finish_word();
  if (!command.words.empty()) return command;
  return std::nullopt;
}

void GrubReader::take(std::string& word) {
  const char c = text_[at_++];
  if (c == '\'') {
    while (at_ < text_.size() && text_[at_] != '\'') put(word, text_[at_++]);
    if (at_ < text_.size()) ++at_;
  } else if (c == '"') {
    while (at_ < text_.size() && text_[at_] != '"') {
      const char inner = text_[at_++];
      if (inner == '\\' && at_ < text_.size()) {
        const char escaped = text_[at_++];
        if (escaped != '$' && escaped != '"' && escaped != '\\' && escaped != '\n') word.push_back('\\');
        if (escaped != '\n') put(word, escaped);
        if (escaped == '\n') ++line_;
      } else if (inner == '$') {
        variable(word);
      } else {
        put(word, inner);
      }
    }
    if (at_ < text_.size()) ++at_;
  } else if (c == '\\') {
    if (at_ == text_.size()) return;
    const char escaped = text_[at_++];
    if (escaped != '\n') put(word, escaped);
    if (escaped == '\n') ++line_;
  } else if (c == '$') {
    variable(word);
  } else {
    put(word, c);
  }
}

void GrubReader::put(std::string& word, char c) {
  if (c == '\n') ++line_;
  word.push_back(c == grub_variable_begin || c == grub_variable_end ? '?' : c);
}

void GrubReader::variable(std::string& word) {
  const bool braces = at_ < text_.size() && text_[at_] == '{';
  if (braces) ++at_;
  const auto begin = at_;
  while (at_ < text_.size() && (is_grub_name(text_[at_]) || (!braces && text_[at_] == '?'))) ++at_;
  const auto name = text_.substr(begin, at_ - begin);
  if (braces && at_ < text_.size() && text_[at_] == '}') ++at_;
  word.push_back(grub_variable_begin);
  word.append(name);
  word.push_back(grub_variable_end);
}

}  // namespace plimsoll::formats
