/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory:SHAPE,MASKS,FLOWS,0: bytes that a flow takes when no packet came yet.
 *
 * "memory" is what the kernel's slabs, per-CPU areas and vmalloc areas grew by,
 * whatever for. What one flow's own allocations are, the kernel's trace of
 * allocations says: those of a few more flows that were not freed before the
 * request was acked, by the function that made them. "memory-record" is
 * "memory" less those that are not the flow itself, which leaves the flow and
 * its share of all indexes; so the actions' program is not in it.
 */
#include "cell.h"

#include "error.h"

#include <cinttypes>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace bench
{

namespace
{

constexpr unsigned TRACED = 64;
constexpr const char *TRACING = "/sys/kernel/tracing/";

/* Bytes, from /proc/meminfo. */
struct Memory {
	double slab = 0, percpu = 0, vmalloc = 0;

	double sum() const { return slab + percpu + vmalloc; }
};

Memory memory()
{
	std::ifstream in("/proc/meminfo");
	std::string line, name;
	Memory m;

	while (std::getline(in, line)) {
		std::istringstream words(line);
		double kib = 0;

		words >> name >> kib;
		if (name == "Slab:")
			m.slab = kib * 1024;
		else if (name == "Percpu:")
			m.percpu = kib * 1024;
		else if (name == "VmallocUsed:")
			m.vmalloc = kib * 1024;
	}
	return m;
}

/* Bytes of the pages that each slab cache has. */
std::map<std::string, double> slab_caches()
{
	std::ifstream in("/proc/slabinfo");
	std::map<std::string, double> out;
	std::string line, name, skipped;

	while (std::getline(in, line)) {
		std::istringstream words(line);
		double active, objects, size, per_slab, pages, slabs;

		words >> name >> active >> objects >> size >> per_slab >> pages;
		for (unsigned i = 0; i < 8; i++)
			words >> skipped;
		if (words >> slabs)
			out[name] = slabs * pages * static_cast<double>(sysconf(_SC_PAGESIZE));
	}
	return out;
}

/* What is put off has time to happen: the kernel keeps some of what it frees for ten seconds. */
void rest()
{
	sleep(15);
}

void trace_write(const std::string &file, const std::string &text)
{
	std::ofstream out(TRACING + file);

	if (!(out << text << std::flush))
		throw mf::Error("no tracing: cannot write " + file);
}

void trace_events(const char *on)
{
	for (const char *event : {"kmalloc", "kmem_cache_alloc", "kfree", "kmem_cache_free"})
		trace_write(fmt::format("events/kmem/{}/enable", event), on);
}

/* The word behind @p name in a line of the trace. */
std::string word(const std::string &line, const char *name)
{
	const size_t at = line.find(name);

	if (at == std::string::npos)
		return "";
	const size_t begin = at + std::string(name).size();
	return line.substr(begin, line.find(' ', begin) - begin);
}

/* Allocations by one function that were not freed. */
struct Made {
	double bytes = 0;
	unsigned times = 0;
};

std::map<std::string, Made> retained()
{
	std::ifstream in(std::string(TRACING) + "trace");
	std::map<std::string, std::pair<std::string, double>> live;
	std::map<std::string, Made> made;
	std::string line;

	while (std::getline(in, line)) {
		const std::string where = word(line, "ptr="), size = word(line, "bytes_alloc=");
		const std::string site = word(line, "call_site=");

		if (where.empty())
			continue;
		if (size.empty())
			live.erase(where);
		else
			live[where] = {site.substr(0, site.find('+')), std::stod(size)};
	}
	for (const auto &[where, what] : live) {
		made[what.first].bytes += what.second;
		made[what.first].times++;
	}
	return made;
}

std::map<std::string, Made> trace_installs(Installer &installer, std::vector<mf::Request> &requests)
{
	trace_write("trace", "");
	trace_write("set_event_pid", std::to_string(getpid()));
	trace_events("1");
	installer.send(requests, requests.size() - TRACED, requests.size());
	trace_events("0");
	return retained();
}

/* What of @p slab, the growth in all, each cache had; what is in none are allocations of whole pages. */
std::string caches_grown(const std::map<std::string, double> &before, double slab, unsigned flows)
{
	std::string note;

	for (const auto &[name, bytes] : slab_caches()) {
		const auto found = before.find(name);
		const double grown = bytes - (found == before.end() ? 0 : found->second);

		slab -= grown;
		if (grown / flows >= 1)
			note += fmt::format(" {} {:.1f}", name, grown / flows);
	}
	return note + fmt::format(" pages {:.1f}", slab / flows);
}

bool is_flow(const std::string &function)
{
	return function.find("flow_new") != std::string::npos ||
	       function.find("flow_alloc") != std::string::npos;
}

/* Installs a few flows more; what of their allocations is not the flow. */
double measure_others(Installer &installer, std::vector<mf::Request> &requests, bool &known, std::string &note)
{
	double others = 0;

	for (const auto &[function, made] : trace_installs(installer, requests)) {
		/* What not every flow allocates is an index's growth, or not about flows. */
		if (made.times < TRACED)
			continue;
		known |= is_flow(function);
		others += is_flow(function) ? 0 : made.bytes / TRACED;
		note += fmt::format(" {} {:.0f}", function, made.bytes / TRACED);
	}
	return others;
}

} // namespace

void run_memory(const Cell &cell)
{
	Random random(SEED);
	const std::vector<Flow> flows = shape_of(cell.shape()).make(cell.masks, cell.flows + TRACED, random);
	std::string note = "allocated by each flow:";
	bool known = false;

	if (cell.bare())
		return;
	Installer installer(cell);
	std::vector<mf::Request> requests = installer.requests(flows, 0);

	rest();
	const std::map<std::string, double> caches = slab_caches();
	const Memory before = memory();
	installer.send(requests, 0, cell.flows);
	rest();
	const Memory after = memory();
	const double slab = after.slab - before.slab, sum = (after.sum() - before.sum()) / cell.flows;

	cell.print("memory", {sum},
		   fmt::format("possible CPUs {} percpu {:.1f} vmalloc {:.1f} slab {:.1f}:",
			       sysconf(_SC_NPROCESSORS_CONF), (after.percpu - before.percpu) / cell.flows,
			       (after.vmalloc - before.vmalloc) / cell.flows, slab / cell.flows) +
			   caches_grown(caches, slab, cell.flows));
	const double others = measure_others(installer, requests, known, note);
	/* Without a flow among them it is not known what the others are. */
	if (known)
		cell.print("memory-record", {sum - others}, note);
	installer.remove_all();
}

} // namespace bench
