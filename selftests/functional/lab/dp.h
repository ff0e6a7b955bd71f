/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "tap.h"

#include "datapath.h"
#include "flow.h"
#include "packet.h"
#include "port.h"

namespace lab
{

/** Where a datapath's upcalls arrive. */
class Upcalls
{
public:
	explicit Upcalls(const Netns &ns);

	uint32_t pid() const { return netlink.portid(); }
	/** The next one; nothing after that many milliseconds. */
	std::optional<mf::Upcall> next(int timeout_ms = 2000);
	/** The next one as it came, a whole netlink message. */
	std::optional<Bytes> next_raw(int timeout_ms = 2000) { return netlink.receive(timeout_ms); }
	Netlink &socket() { return netlink; }

private:
	Netlink netlink;
};

/** What a flow request holds besides its key. */
struct FlowAsk {
	std::optional<std::string> actions = std::nullopt;
	Bytes ufid = {};
	std::optional<uint32_t> ufid_flags = std::nullopt;
	bool mask = true;
	bool clear = false;
	bool probe = false;
	uint16_t flags = 0; /**< NLM_F_CREATE, NLM_F_ECHO and the like */
};

/** A datapath under test. What cannot fail in a sane test throws if it does. */
class Datapath
{
public:
	/** @param upcall_pid where the misses of LOCAL go */
	explicit Datapath(const Netns &ns, std::string name = "dp0", uint32_t features = 0,
			  uint32_t upcall_pid = 0);
	/** Deletes it, unless its namespace is gone by then. */
	~Datapath();
	Datapath(const Datapath &) = delete;
	Datapath &operator=(const Datapath &) = delete;

	int ifindex() const { return index; }
	const std::string &name() const { return dp_name; }
	Netlink &socket() { return netlink; }
	/** Somebody else has deleted it. */
	void forget() { alive = false; }

	/** Adds a device as a port. @return its number */
	uint32_t add(const std::string &device, uint32_t upcall_pid = 0,
		     uint32_t type = OVS_VPORT_TYPE_NETDEV, uint32_t number = 0);
	uint32_t add_internal(const std::string &device, uint32_t upcall_pid = 0)
	{
		return add(device, upcall_pid, OVS_VPORT_TYPE_INTERNAL);
	}
	void remove(uint32_t number);
	mf::Port port(uint32_t number);
	/** The answer to any request about a port. */
	Answer ask_port(uint8_t cmd, const AttrWriter &attrs, uint16_t flags = 0);

	/** A request about a flow whose key and mask are written as dpctl takes them. */
	Request flow_request(uint8_t cmd, const std::string &key, const FlowAsk &ask);
	Answer ask_flow(uint8_t cmd, const std::string &key, const FlowAsk &ask);
	/** Installs a flow. */
	void flow(const std::string &key, const std::string &actions);
	/** The flow of a key-identified key. */
	mf::Flow get_flow(const std::string &key);
	/** The flow's actions as text. */
	std::string actions_of(const std::string &key);
	uint64_t packets_of(const std::string &key) { return get_flow(key).stats.n_packets; }
	void flush();
	std::vector<mf::Flow> dump_flows(uint32_t ufid_flags = 0);

	/** Runs a packet through actions. */
	Answer execute(View packet, const std::string &actions, const std::string &key = "",
		       const AttrWriter &more = {});

	mf::Datapath info();
	/** Drop counters by reason; nothing where the module keeps none. */
	std::map<std::string, uint64_t> drops();

private:
	Netlink netlink;
	std::string dp_name;
	int index = 0;
	bool alive = true;
};

/** Takes attributes with one u32 array, such as port ids. */
void put_u32s(AttrWriter &out, uint16_t type, const std::vector<uint32_t> &values);
/** The attributes by which a port is made. */
AttrWriter port_attrs(const std::string &device, uint32_t type,
		      const std::vector<uint32_t> &upcall_pids = {0});
/** The attributes by which a datapath is made. */
AttrWriter datapath_attrs(const std::string &name, uint32_t upcall_pid = 0,
			  std::optional<uint32_t> features = std::nullopt);
/** Sends attributes to a family. */
Answer ask(Netlink &netlink, const std::string &family, uint8_t cmd, int dp_ifindex,
	   const AttrWriter &attrs, uint16_t flags = 0, int version = -1);
/** Adds all attributes of one list to another. */
void append(AttrWriter &to, const AttrWriter &from);
/** A list of actions; raw hex after "hex:" for what text cannot say. */
Bytes actions_of_text(const std::string &text);

} // namespace lab
