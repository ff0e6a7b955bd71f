// SPDX-License-Identifier: GPL-2.0-only
#include "flow_text.h"

#include "action.h"

#include <cctype>
#include <fmt/format.h>

namespace dpctl
{

FlowName parse_flow_name(const std::string &text, const PortNames *names)
{
	Cursor in("flow", text);
	FlowName name;

	in.skip_separators();
	if (auto ufid = parse_ufid(in))
		name.ufid = std::move(*ufid);
	in.skip_separators();
	if (!in.done()) {
		name.key = parse_key(in, names);
		if (!in.done())
			in.fail("is one parenthesis too many");
	}
	if (name.ufid.empty() && !name.key)
		throw SyntaxError("flow: it is empty: it needs a key like in_port(1),eth(),"
				  "eth_type(0x0800),ipv4()",
				  0);
	return name;
}

struct VerbWord {
	const char *word;
	FlowVerb verb;
};

static constexpr VerbWord verb_words[] = {
	{"add ", FlowVerb::ADD}, {"modify ", FlowVerb::MODIFY}, {"delete ", FlowVerb::DELETE}};

/* Where the key ends: white space outside of parentheses that follows no comma. */
static size_t end_of_key(const std::string &text)
{
	int depth = 0;

	for (size_t i = 0; i < text.size(); i++) {
		if (text[i] == '(')
			depth++;
		else if (text[i] == ')')
			depth--;
		else if (!depth && i && std::isspace(static_cast<unsigned char>(text[i])) &&
			 text[i - 1] != ',')
			return i;
	}
	return text.size();
}

/* In what dump-flows prints, counters stand between the key and "actions:". */
static void split_dumped(const std::string &text, std::string &key, std::string &actions)
{
	const size_t at = text.find(", actions:");
	const size_t counters = text.find(", packets:");

	key = text.substr(0, std::min(at, counters));
	actions = text.substr(at + std::string_view(", actions:").size());
}

FlowLine parse_flow_line(const std::string &line, FlowVerb otherwise, const PortNames *names)
{
	std::string text = line, key, actions;
	FlowLine flow;

	flow.verb = otherwise;
	text.erase(0, text.find_first_not_of(" \t"));
	for (const VerbWord &row : verb_words)
		if (text.starts_with(row.word)) {
			flow.verb = row.verb;
			text.erase(0, std::string_view(row.word).size());
			break;
		}

	if (text.find(", actions:") != std::string::npos) {
		split_dumped(text, key, actions);
	} else {
		const size_t end = end_of_key(text);

		key = text.substr(0, end);
		actions = text.substr(end);
		actions.erase(0, actions.find_first_not_of(" \t"));
	}
	flow.name = parse_flow_name(key, names);
	if (flow.verb == FlowVerb::DELETE)
		return flow;
	if (actions.empty())
		throw SyntaxError("the line has a flow but no actions; write \"drop\" for none",
				  line.size());
	flow.actions = parse_actions("actions", actions, names);
	return flow;
}

} // namespace dpctl
