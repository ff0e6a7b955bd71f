// SPDX-License-Identifier: GPL-2.0-only
#include "doctor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

struct FeatureBit {
	uint32_t bit;
	const char *name;
};

static constexpr FeatureBit feature_bits[] = {
	{OVS_DP_F_UNALIGNED, "unaligned"},
	{OVS_DP_F_VPORT_PIDS, "vport-pids"},
	{OVS_DP_F_TC_RECIRC_SHARING, "tc-recirc-sharing"},
	{OVS_DP_F_DISPATCH_UPCALL_PER_CPU, "per-cpu-upcalls"},
};

static std::string feature_names(uint32_t features)
{
	std::vector<std::string> names;

	for (const FeatureBit &row : feature_bits)
		if (features & row.bit)
			names.emplace_back(row.name);
	return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
}

static const char *which_module(const ModuleReport &module)
{
	if (!module.loaded)
		return "not loaded as a module";
	if (module.is_megaflow)
		return "Megaflow";
	if (module.symbols_visible)
		return module.out_of_tree ? "out of tree, but not Megaflow" : "the kernel's own";
	return module.out_of_tree ? "out of tree" : "the kernel's own";
}

static std::string or_none(const std::string &text)
{
	return text.empty() ? "none" : text;
}

static void print_module(const ModuleReport &module)
{
	fmt::print("kernel: {}\n", module.kernel);
	fmt::print("module: {}\n", which_module(module));
	if (module.loaded)
		fmt::print("  users: {}\n  srcversion: {}\n", module.references,
			   or_none(module.loaded_source));
	fmt::print("  modprobe would load: {}\n", or_none(module.file));
	if (!module.file_source.empty())
		fmt::print("  srcversion of that: {}\n", module.file_source);
}

static void print_family(const FamilyReport &report)
{
	if (!report.present) {
		fmt::print("  {}: missing\n", report.name);
		return;
	}
	fmt::print("  {}: id {}, version {}, {} commands, attributes up to {}{}\n", report.name,
		   report.family.id, report.family.version, report.family.ops.size(),
		   report.family.max_attr, report.policy_known ? "" : ", policy unknown");
	if (!report.missing_ops.empty())
		fmt::print("    missing commands: {}\n", fmt::join(report.missing_ops, ", "));
	if (!report.missing_groups.empty())
		fmt::print("    missing groups: {}\n", fmt::join(report.missing_groups, ", "));
}

static void print_datapath(const DatapathReport &report)
{
	fmt::print("  {}: {} flows, features: {}\n", report.dp.name, report.dp.stats.n_flows,
		   feature_names(report.dp.user_features));
	for (const Owner &owner : report.owners)
		fmt::print("    upcalls go to {}\n",
			   owner.pid ? fmt::format("{} (pid {})", owner.process, owner.pid)
				     : "a process that cannot be seen from here");
	if (report.owners.empty())
		fmt::print("    nobody takes its upcalls\n");
}

void print_report(const Report &report)
{
	print_module(report.module);
	fmt::print("may change datapaths: {}\n", report.admin ? "yes" : "no");
	fmt::print("families:\n");
	for (const FamilyReport &family : report.families)
		print_family(family);
	if (!report.features.empty())
		fmt::print("features:\n");
	for (const FeatureReport &feature : report.features)
		fmt::print("  {}: {}\n", feature.name,
			   !feature.known    ? "unknown"
			   : feature.present ? "yes"
					     : "no");
	if (!report.datapaths.empty())
		fmt::print("datapaths:\n");
	for (const DatapathReport &dp : report.datapaths)
		print_datapath(dp);
	fmt::print("{}\n", report.advice.empty() ? "nothing is missing" : "what to do or to know:");
	for (const std::string &line : report.advice)
		fmt::print("  {}\n", line);
}

static Json json_family(const FamilyReport &report)
{
	Json out = {{"name", report.name}, {"present", report.present}};

	if (!report.present)
		return out;
	out["id"] = report.family.id;
	out["version"] = report.family.version;
	out["max_attr"] = report.family.max_attr;
	out["policy_known"] = report.policy_known;
	out["commands"] = report.family.ops.size();
	out["missing_commands"] = report.missing_ops;
	out["missing_groups"] = report.missing_groups;
	return out;
}

static Json json_owners(const std::vector<Owner> &owners)
{
	Json out = Json::array();

	for (const Owner &owner : owners)
		out.push_back({{"pid", owner.pid}, {"process", owner.process}});
	return out;
}

Json json_report(const Report &report)
{
	Json out = {{"kernel", report.module.kernel},
		    {"module",
		     {{"which", which_module(report.module)},
		      {"loaded", report.module.loaded},
		      {"megaflow", report.module.is_megaflow},
		      {"srcversion", report.module.loaded_source},
		      {"file", report.module.file},
		      {"file_srcversion", report.module.file_source}}},
		    {"admin", report.admin},
		    {"families", Json::array()},
		    {"features", Json::array()},
		    {"datapaths", Json::array()},
		    {"advice", report.advice}};

	for (const FamilyReport &family : report.families)
		out["families"].push_back(json_family(family));
	for (const FeatureReport &feature : report.features)
		out["features"].push_back({{"name", feature.name},
					   {"known", feature.known},
					   {"present", feature.present}});
	for (const DatapathReport &dp : report.datapaths)
		out["datapaths"].push_back({{"name", dp.dp.name},
					    {"features", feature_names(dp.dp.user_features)},
					    {"owners", json_owners(dp.owners)}});
	return out;
}

} // namespace dpctl
