/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "app.h"
#include "genl.h"
#include "owner.h"

namespace dpctl
{

/** What is known of the kernel module. */
struct ModuleReport {
	std::string kernel;           /**< release that runs */
	bool loaded = false;          /**< as a module */
	bool out_of_tree = false;     /**< it taints the kernel with O */
	bool is_megaflow = false;     /**< its symbols say so */
	bool symbols_visible = false; /**< whether they could be asked */
	std::string references;       /**< users of the module */
	std::string loaded_source;    /**< srcversion of what is loaded, may be empty */
	std::string file;             /**< what modprobe would load, may be empty */
	std::string file_source;      /**< srcversion of that */
};

/** One family: what there is beside what the newest ABI has. */
struct FamilyReport {
	std::string name;
	bool present = false;
	Family family;
	std::vector<std::string> missing_ops;
	std::vector<std::string> missing_groups;
	bool policy_known = false;
};

/** Something the newest ABI offers. */
struct FeatureReport {
	std::string name;
	bool known = false; /**< whether it could be found out without changing anything */
	bool present = false;
	std::string without; /**< what does not work without it */
};

/** A datapath with who takes its upcalls. */
struct DatapathReport {
	Datapath dp;
	std::vector<Owner> owners;
};

/** All that doctor found out. */
struct Report {
	bool admin = false; /**< may change datapaths here */
	ModuleReport module;
	std::vector<FamilyReport> families;
	std::vector<FeatureReport> features;
	std::vector<DatapathReport> datapaths;
	std::vector<std::string> advice; /**< empty when nothing is wrong */
};

/** Looks; changes nothing and loads nothing. */
Report examine(App &app);
ModuleReport examine_module();

void print_report(const Report &report);
Json json_report(const Report &report);

} // namespace dpctl
