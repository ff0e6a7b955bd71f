/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * What the kinds of cells of the benchmark share: what the command line says,
 * flows to be installed, and how a figure is printed.
 */
#pragma once

#include "client.h"
#include "shape.h"
#include "wire.h"

#include <functional>
#include <string>
#include <vector>

namespace bench
{

constexpr uint64_t SEED = 20261123;
/** What takes longer than this is measured in one round only. */
constexpr double DEAR_NS = 50'000;

/** What the command line says. */
struct Cell {
	std::string module, datapath;
	/** As samples call it: SHAPE or KIND:SHAPE. */
	std::string name;
	unsigned masks, flows, packets;
	/** How often they are sent, after once for nothing. */
	unsigned rounds;
	std::string sink;
	std::vector<std::string> devices;

	/** Without a datapath: what sending costs by itself. */
	bool bare() const { return datapath == "-"; }
	/** The kind of cell, or nothing for packets. */
	std::string kind() const;
	std::string shape() const;

	/** Prints the median, least and greatest of some values. */
	void print(const char *what, std::vector<double> values, const std::string &note = "") const;
};

/** The datapath of a cell: makes requests for its flows, with the numbers of its ports. */
class Installer
{
public:
	explicit Installer(const Cell &cell);

	/** Requests for flows, whose UFIDs count up from @p first. */
	std::vector<mf::Request> requests(const std::vector<Flow> &flows, uint32_t first);
	/** Sends requests one by one; returns nanoseconds for each that was acked. */
	double send(std::vector<mf::Request> &requests, size_t begin, size_t end);
	/** Removes a flow by its UFID. */
	void remove(uint32_t index);
	void remove_all();

	mf::Client client;
	int dp;

private:
	std::vector<uint32_t> number;
	mf::Bytes actions;
};

/** Gives a wire the frames of a round. */
using Refill = std::function<void(Wire &wire)>;

/**
 * Sends the frames some times, after once for nothing; what the datapath counted
 * meanwhile stands beside.
 * @param refill  called before each time, if there is one
 */
void send_rounds(const Cell &cell, mf::Client &client, const char *what, Wire &wire,
		 const Refill &refill = {});

/** Measures packets that no flow matches and somebody listens for; @p wire has them. */
void run_upcalls(const Cell &cell, Installer &installer, Wire &wire);
/** Cells that measure what installing costs, where so many masks are there already. */
void run_grow(const Cell &cell);
/** Cells that measure one port's packets before and after another one got its masks. */
void run_victim(const Cell &cell);
/** Cells that measure memory. */
void run_memory(const Cell &cell);

} // namespace bench
