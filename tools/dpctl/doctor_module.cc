// SPDX-License-Identifier: GPL-2.0-only
/* doctor's look at the module: sysfs, the symbol table, modinfo. */
#include "doctor.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/utsname.h>

namespace dpctl
{

static constexpr const char *SYS_MODULE = "/sys/module/openvswitch/";

static std::string first_line(const std::string &path)
{
	std::ifstream file(path);
	std::string line;

	std::getline(file, line);
	return line;
}

/* The first line that a command prints; nothing if it cannot be run. */
static std::string output_of(const char *command)
{
	std::array<char, 4096> line{};
	std::string text;
	FILE *pipe = popen(command, "r"); /* constant text only */

	if (!pipe)
		return {};
	if (fgets(line.data(), line.size(), pipe))
		text = line.data();
	pclose(pipe);
	while (!text.empty() && text.back() == '\n')
		text.pop_back();
	return text;
}

/* Functions of this module that leave a file are called mf_*. */
static void examine_symbols(ModuleReport &report)
{
	std::ifstream symbols("/proc/kallsyms");
	std::string line;

	while (std::getline(symbols, line)) {
		if (line.find("[openvswitch]") == std::string::npos)
			continue;
		report.symbols_visible = true;
		if (line.find(" mf_") != std::string::npos) {
			report.is_megaflow = true;
			return;
		}
	}
}

ModuleReport examine_module()
{
	ModuleReport report;
	utsname names{};

	uname(&names);
	report.kernel = names.release;
	report.loaded = std::filesystem::exists(SYS_MODULE) &&
			std::filesystem::exists(std::string(SYS_MODULE) + "initstate");
	if (report.loaded) {
		report.out_of_tree = first_line(std::string(SYS_MODULE) + "taint").find('O') !=
				     std::string::npos;
		report.references = first_line(std::string(SYS_MODULE) + "refcnt");
		report.loaded_source = first_line(std::string(SYS_MODULE) + "srcversion");
		examine_symbols(report);
	}
	report.file = output_of("modinfo -F filename openvswitch 2>/dev/null");
	report.file_source = output_of("modinfo -F srcversion openvswitch 2>/dev/null");
	return report;
}

} // namespace dpctl
