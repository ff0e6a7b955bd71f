// SPDX-License-Identifier: GPL-2.0-only
/* doctor: what is loaded, what it offers, what is missing. It changes nothing. */
#include "doctor.h"
#include "verbs.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <linux/capability.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

namespace
{

struct OpName {
	const char *family;
	uint32_t cmd;
	const char *name;
};

constexpr OpName expected_ops[] = {
	{OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, "NEW"},
	{OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, "DEL"},
	{OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, "GET"},
	{OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, "SET"},
	{OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, "NEW"},
	{OVS_VPORT_FAMILY, OVS_VPORT_CMD_DEL, "DEL"},
	{OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, "GET"},
	{OVS_VPORT_FAMILY, OVS_VPORT_CMD_SET, "SET"},
	{OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, "NEW"},
	{OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, "DEL"},
	{OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, "GET"},
	{OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, "SET"},
	{OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, "EXECUTE"},
	{OVS_METER_FAMILY, OVS_METER_CMD_FEATURES, "FEATURES"},
	{OVS_METER_FAMILY, OVS_METER_CMD_SET, "SET"},
	{OVS_METER_FAMILY, OVS_METER_CMD_DEL, "DEL"},
	{OVS_METER_FAMILY, OVS_METER_CMD_GET, "GET"},
	{OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_SET, "SET"},
	{OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_DEL, "DEL"},
	{OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_GET, "GET"},
};

constexpr const char *family_names[] = {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY,
					OVS_PACKET_FAMILY,   OVS_METER_FAMILY, OVS_CT_LIMIT_FAMILY};
constexpr const char *needed_groups[] = {OVS_DATAPATH_MCGROUP, OVS_VPORT_MCGROUP, OVS_FLOW_MCGROUP};

/* Features that show in a family's policy: the attribute is there or it is not. */
struct PolicyFeature {
	const char *family;
	uint16_t attr;
	const char *name;
	const char *without;
};

constexpr PolicyFeature policy_features[] = {
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_MASKS_CACHE_SIZE, "mask cache size",
	 "the per-CPU lookup cache cannot be sized"},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_PER_CPU_PIDS, "per-CPU upcall dispatch",
	 "upcalls go through one socket per port and handler"},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_IFINDEX, "chosen datapath ifindex",
	 "the local port's interface index cannot be chosen"},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_IFINDEX, "port ifindex",
	 "ports cannot be told apart by interface index"},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_UPCALL_STATS, "upcall statistics",
	 "lost upcalls are not counted per port"},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_UFID, "flow ids",
	 "flows are named by their whole key, which makes dumps slow"},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_HASH, "packet hash in upcalls",
	 "a packet's hash may differ between miss and execute"},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_UPCALL_PID, "upcall port id of an execute",
	 "packets re-injected by a handler may return to another one"},
};

bool may_administer()
{
	std::ifstream status("/proc/self/status");
	std::string line;

	while (std::getline(status, line))
		if (line.starts_with("CapEff:"))
			return std::stoull(line.substr(7), nullptr, 16) >> CAP_NET_ADMIN & 1;
	return false;
}

FamilyReport examine_family(App &app, const std::vector<Family> &all, const char *name,
			    std::vector<FeatureReport> &features)
{
	FamilyReport report;
	const auto found = std::find_if(all.begin(), all.end(),
					[&](const Family &f) { return f.name == name; });

	report.name = name;
	report.present = found != all.end();
	if (!report.present)
		return report;

	report.family = *found;
	for (const OpName &op : expected_ops)
		if (report.name == op.family && !found->has_op(op.cmd))
			report.missing_ops.emplace_back(op.name);
	for (const char *group : needed_groups)
		if (report.name == group && !found->groups.contains(group))
			report.missing_groups.emplace_back(group);

	const auto policy = dump_policy(app.client().socket(), *found);
	report.policy_known = !policy.empty();
	for (const PolicyFeature &row : policy_features) {
		if (report.name != row.family)
			continue;
		/* Reply-only attributes are in no policy: the largest number tells. */
		const bool listed =
			std::any_of(policy.begin(), policy.end(), [&](const PolicyAttr &a) {
				return a.policy == 0 && a.type == row.attr;
			});
		features.push_back(
			{row.name, true, listed || found->max_attr >= row.attr, row.without});
	}
	return report;
}

/* Of samples to psample only the kernel's release can tell without installing a flow. */
FeatureReport examine_psample(const std::string &release)
{
	int major = 0, minor = 0;
	FeatureReport report = {"psample with cookies", false, false,
				"packets are sampled by upcalls only"};

	report.known = sscanf(release.c_str(), "%d.%d", &major, &minor) == 2;
	report.present = std::pair(major, minor) >= std::pair(6, 11);
	return report;
}

void advise_module(Report &report)
{
	const ModuleReport &module = report.module;

	if (!report.families[0].present) {
		if (module.file.empty())
			report.advice.emplace_back(
				"no openvswitch module is installed for this kernel: install it "
				"(make install), then modprobe openvswitch");
		else
			report.advice.emplace_back(
				"the module is not loaded: modprobe openvswitch");
		return;
	}
	if (!module.loaded)
		return;
	if (module.symbols_visible && !module.is_megaflow)
		report.advice.emplace_back(
			"the kernel's own module is loaded, not Megaflow: delete the "
			"datapaths, modprobe -r openvswitch, load Megaflow's");
	if (!module.loaded_source.empty() && !module.file_source.empty() &&
	    module.loaded_source != module.file_source)
		report.advice.push_back(
			fmt::format("what is loaded is not {}: modprobe -r openvswitch "
				    "and modprobe openvswitch would change it",
				    module.file));
}

void advise(Report &report)
{
	advise_module(report);
	if (!report.admin)
		report.advice.emplace_back(
			"without CAP_NET_ADMIN nothing can be changed: run as root");
	if (!report.families[0].present)
		return;
	for (const FamilyReport &family : report.families) {
		if (!family.present)
			report.advice.push_back(fmt::format(
				"{} is missing: {}", family.name,
				family.name == OVS_METER_FAMILY ? "meters cannot be used"
				: family.name == OVS_CT_LIMIT_FAMILY
					? "conntrack zones cannot be limited"
					: "user space cannot work with this "
					  "module"));
		if (!family.missing_ops.empty())
			report.advice.push_back(fmt::format("{} lacks {}", family.name,
							    fmt::join(family.missing_ops, ", ")));
	}
	for (const FeatureReport &feature : report.features)
		if (feature.known && !feature.present)
			report.advice.push_back(
				fmt::format("no {}: {}", feature.name, feature.without));
}

} // namespace

Report examine(App &app)
{
	Report report;

	report.admin = may_administer();
	report.module = examine_module();
	const auto all = dump_families(app.client().socket());
	for (const char *name : family_names)
		report.families.push_back(examine_family(app, all, name, report.features));
	if (report.families[0].present)
		report.features.push_back(examine_psample(report.module.kernel));
	if (report.families[0].present && report.families[1].present)
		for (const Datapath &dp : dump_datapaths(app.client()))
			report.datapaths.push_back({dp, find_owners(app, dp)});
	advise(report);
	return report;
}

void run_doctor(App &app)
{
	const Report report = examine(app);

	if (app.options.json)
		App::print_json(json_report(report));
	else
		print_report(report);
}

} // namespace dpctl
