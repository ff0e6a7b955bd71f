// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"

#include "lab/netlink.h"
#include "stage.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace diff
{

static void command(const std::string &line)
{
	if (std::system(line.c_str()))
		throw std::runtime_error("this failed: " + line);
}

/* ---- Records in files: the workers are processes of their own ---- */

static void write_record(std::ostream &out, size_t index, const Record &record)
{
	out << "R " << index << " " << record.size() << "\n";
	for (const StepRecord &step : record) {
		out << "S " << step.size() << "\n";
		for (const Fact &fact : step)
			out << fact.path << "\t" << fact.value << "\n";
	}
}

static void read_records(const std::string &path, std::vector<Record> &records)
{
	std::ifstream in(path);
	std::string word, line;
	size_t index, steps;

	while (in >> word >> index >> steps) {
		Record &record = records.at(index);

		record.resize(steps);
		for (StepRecord &step : record) {
			size_t facts = 0;

			in >> word >> facts;
			std::getline(in, line);
			for (; facts; facts--) {
				std::getline(in, line);
				const size_t tab = line.find('\t');
				step.push_back({line.substr(0, tab), line.substr(tab + 1)});
			}
		}
	}
}

/* ---- Workers ---- */

/* All on one CPU, where packets queue in order, and where the CPU's number means the same. */
static void stay_on_one_cpu()
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static Record play(std::unique_ptr<Stage> &stage, const Scenario &scenario)
{
	try {
		if (!stage)
			stage = std::make_unique<Stage>();
		return stage->play(scenario);
	} catch (const std::exception &error) {
		/* What is left of that stage is not to be built upon. */
		stage.reset();
		return {{{"exception", error.what()}}};
	}
}

static void work(const std::vector<Scenario> &scenarios, size_t first, size_t stride,
		 const std::string &path)
{
	std::unique_ptr<Stage> stage;
	std::ofstream out(path);

	stay_on_one_cpu();
	for (size_t i = first; i < scenarios.size(); i += stride)
		write_record(out, i, play(stage, scenarios[i]));
}

static std::vector<Record> play_all(const std::vector<Scenario> &scenarios, unsigned int workers)
{
	const std::string base = fmt::format("/tmp/differential.{}", getpid());
	std::vector<Record> records(scenarios.size());
	std::vector<pid_t> children;

	for (unsigned int i = 0; i < workers; i++) {
		const pid_t child = fork();

		if (child == 0) {
			work(scenarios, i, workers, fmt::format("{}.{}", base, i));
			_exit(0);
		}
		children.push_back(child);
	}
	for (const pid_t child : children) {
		int status = 0;

		waitpid(child, &status, 0);
		if (status)
			throw std::runtime_error("a worker died");
	}
	for (unsigned int i = 0; i < workers; i++) {
		const std::string path = fmt::format("{}.{}", base, i);

		read_records(path, records);
		unlink(path.c_str());
	}
	return records;
}

/* A namespace that a worker left goes later than the worker: the module is in use until then. */
static void unload()
{
	/* Some have loaded modules for their tunnel ports. */
	command("rmmod vport_vxlan vport_gre vport_geneve 2>/dev/null; "
		"for i in $(seq 200); do rmmod openvswitch 2>/dev/null && exit 0; sleep 0.05; done; "
		"rmmod openvswitch");
}

std::vector<Pair> play_on_both(const Modules &modules, const std::vector<Scenario> &scenarios)
{
	std::vector<Pair> pairs(scenarios.size());

	for (const bool ours : {false, true}) {
		command(ours ? "insmod " + modules.ours : "modprobe openvswitch");
		lab::forget_families();
		std::vector<Record> records = play_all(scenarios, modules.workers);
		unload();
		for (size_t i = 0; i < records.size(); i++)
			(ours ? pairs[i].ours : pairs[i].in_tree) = std::move(records[i]);
	}
	return pairs;
}

} // namespace diff
