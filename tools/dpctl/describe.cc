// SPDX-License-Identifier: GPL-2.0-only
/* The reference tables, out of the rows that the module is compiled from. */
#include "describe.h"

#include "action_rows.h"
#include "key_rows.h"
#include "verbs.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

namespace
{

/** Rows of cells, the heads first. */
using Table = std::vector<std::vector<std::string>>;

std::vector<size_t> widths_of(const Table &table)
{
	std::vector<size_t> widths(table[0].size());

	for (const auto &row : table)
		for (size_t i = 0; i < widths.size(); i++)
			widths[i] = std::max(widths[i], row[i].size());
	return widths;
}

std::string line_of(const std::vector<std::string> &cells, const std::vector<size_t> &widths)
{
	std::string line;

	for (size_t i = 0; i < cells.size(); i++)
		line += fmt::format("{}{:{}}", i ? "  " : "", cells[i], widths[i]);
	line.erase(line.find_last_not_of(' ') + 1);
	return line + '\n';
}

std::string text_of(const Table &table)
{
	const std::vector<size_t> widths = widths_of(table);
	std::vector<std::string> rule;
	std::string text;

	for (const size_t width : widths)
		rule.emplace_back(width, '=');
	text = line_of(rule, widths) + line_of(table[0], widths) + line_of(rule, widths);
	for (size_t i = 1; i < table.size(); i++)
		text += line_of(table[i], widths);
	return text + line_of(rule, widths);
}

const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

/* The forms written by hand, as they are called. */
const char *form_name(Form form)
{
	static constexpr std::pair<Form, const char *> names[] = {
		{Form::FIELDS, "fields"}, {Form::VLAN, "vlan"}, {Form::ENCAP, "encap"},
		{Form::TUNNEL, "tunnel"}, {Form::MPLS, "mpls"}, {Form::NSH, "nsh"},
	};

	for (const auto &[known, name] : names)
		if (known == form)
			return name;
	return "unknown";
}

/* One line a field; the attribute stands in the first. */
void add_key(Table &table, const KeyAttrRow &attr)
{
	const std::string need = *attr.required ? fmt::format("with {}", attr.required) : "";
	bool first = true;

	if (attr.form != Form::FIELDS)
		table.push_back({attr.symbol, attr.name, fmt::format("({})", form_name(attr.form)),
				 "", "", need});
	for (const KeyFieldRow &field : attr.fields) {
		/* An empty first cell would read as the line before going on. */
		table.push_back({first ? attr.symbol : "\\", first ? attr.name : "",
				 *field.text ? field.text : "-", fmt::to_string(field.width),
				 yes_no(field.writable), first ? need : ""});
		first = false;
	}
}

Json json_field(const KeyFieldRow &field)
{
	Json json = {{"name", field.text},
		     {"offset", field.offset},
		     {"length", field.width},
		     {"settable", field.writable}};

	if (field.max)
		json["max"] = field.max;
	return json;
}

Json json_key(const KeyAttrRow &attr)
{
	Json json = {{"attribute", fmt::format("OVS_KEY_ATTR_{}", attr.symbol)},
		     {"type", attr.type},
		     {"text", attr.name},
		     {"form", form_name(attr.form)}};

	if (*attr.required)
		json["required_with"] = attr.required;
	if (attr.form == Form::FIELDS)
		json["length"] = attr.length;
	for (const KeyFieldRow &field : attr.fields)
		json["fields"].push_back(json_field(field));
	return json;
}

Json json_action(const ActionRow &action)
{
	Json json = {{"attribute", fmt::format("OVS_ACTION_ATTR_{}", action.symbol)},
		     {"type", action.type},
		     {"text", action.name},
		     {"body", action.has_body},
		     {"changes_key", (action.flags & ACT_KEY) != 0},
		     {"must_be_last", (action.flags & ACT_LAST_ONLY) != 0}};

	if (action.length == ACTION_NEST)
		json["nest"] = true;
	else if (action.length != ACTION_ANY_LENGTH)
		json["length"] = action.length;
	return json;
}

} // namespace

std::string key_table()
{
	Table table = {{"Attribute", "Text", "Field", "Bytes", "Set", "Must be there"}};

	for (const KeyAttrRow &attr : key_attrs())
		add_key(table, attr);
	return text_of(table);
}

std::string action_table()
{
	Table table = {{"Action", "Text", "Body", "Changes key", "Must be last"}};

	for (const ActionRow *action : all_actions())
		table.push_back({action->symbol, action->name, yes_no(action->has_body),
				 yes_no(action->flags & ACT_KEY),
				 yes_no(action->flags & ACT_LAST_ONLY)});
	return text_of(table);
}

Json json_key_rows()
{
	Json json = Json::array();

	for (const KeyAttrRow &attr : key_attrs())
		json.push_back(json_key(attr));
	return json;
}

Json json_action_rows()
{
	Json json = Json::array();

	for (const ActionRow *action : all_actions())
		json.push_back(json_action(*action));
	return json;
}

void run_describe(App &app)
{
	static constexpr struct {
		const char *what;
		std::string (*table)();
		Json (*json)();
	} pages[] = {
		{"keys", key_table, json_key_rows},
		{"actions", action_table, json_action_rows},
	};
	const std::string &what = app.options.args[0];

	for (const auto &page : pages) {
		if (what != page.what)
			continue;
		if (app.options.json)
			App::print_json(page.json());
		else
			fmt::print("{}", page.table());
		return;
	}
	throw UsageError(fmt::format("describe: \"{}\" is neither keys nor actions", what));
}

} // namespace dpctl
