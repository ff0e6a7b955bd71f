// SPDX-License-Identifier: GPL-2.0-only
/* Connections, through the kernel's ctnetlink. */
#include "conntrack.h"

#include "error.h"

#include <arpa/inet.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/netfilter/nfnetlink.h>
#include <memory>
#include <netinet/in.h>

namespace mf
{

using NfConntrack = std::unique_ptr<nf_conntrack, decltype(&nfct_destroy)>;

static NfConntrack nfct()
{
	NfConntrack object(nfct_new(), nfct_destroy);

	if (!object)
		throw std::bad_alloc();
	return object;
}

bool CtTuple::is_icmp() const
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

/* A netfilter request has the same headers as a generic one: the IP version stands for the command.
 */
static Request ct_request(uint8_t what, uint16_t flags, uint8_t family = AF_UNSPEC)
{
	return {static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | what),
		family,
		NFNETLINK_V0,
		flags,
		std::nullopt,
		AttrSet::NONE};
}

/* Where the library keeps what of a tuple. */
struct TupleAttrs {
	nf_conntrack_attr l3proto, l4proto, src4, dst4, src6, dst6, src_port, dst_port;
};

static constexpr TupleAttrs ORIG = {ATTR_ORIG_L3PROTO,  ATTR_ORIG_L4PROTO,  ATTR_ORIG_IPV4_SRC,
				    ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_SRC, ATTR_ORIG_IPV6_DST,
				    ATTR_ORIG_PORT_SRC, ATTR_ORIG_PORT_DST};
static constexpr TupleAttrs REPLY = {ATTR_REPL_L3PROTO,  ATTR_REPL_L4PROTO,  ATTR_REPL_IPV4_SRC,
				     ATTR_REPL_IPV4_DST, ATTR_REPL_IPV6_SRC, ATTR_REPL_IPV6_DST,
				     ATTR_REPL_PORT_SRC, ATTR_REPL_PORT_DST};
static constexpr TupleAttrs MASTER = {
	ATTR_MASTER_L3PROTO,  ATTR_MASTER_L4PROTO,  ATTR_MASTER_IPV4_SRC, ATTR_MASTER_IPV4_DST,
	ATTR_MASTER_IPV6_SRC, ATTR_MASTER_IPV6_DST, ATTR_MASTER_PORT_SRC, ATTR_MASTER_PORT_DST};

static void read_address(const nf_conntrack *ct, nf_conntrack_attr attr, size_t len,
			 std::array<uint8_t, 16> &out)
{
	if (nfct_attr_is_set(ct, attr) > 0)
		std::memcpy(out.data(), nfct_get_attr(ct, attr), len);
}

static CtTuple read_tuple(const nf_conntrack *ct, const TupleAttrs &attrs)
{
	CtTuple tuple;

	tuple.family = nfct_get_attr_u8(ct, attrs.l3proto);
	tuple.proto = nfct_get_attr_u8(ct, attrs.l4proto);
	if (tuple.family == AF_INET) {
		read_address(ct, attrs.src4, 4, tuple.src);
		read_address(ct, attrs.dst4, 4, tuple.dst);
	} else {
		read_address(ct, attrs.src6, 16, tuple.src);
		read_address(ct, attrs.dst6, 16, tuple.dst);
	}
	if (!tuple.is_icmp()) {
		tuple.src_port = ntohs(nfct_get_attr_u16(ct, attrs.src_port));
		tuple.dst_port = ntohs(nfct_get_attr_u16(ct, attrs.dst_port));
	}
	return tuple;
}

static std::vector<Attr> inside(const std::vector<Attr> &attrs, uint16_t type)
{
	const auto nest = find_attr(attrs, type);

	return nest ? split_attrs(nest->data) : std::vector<Attr>();
}

/* The library tells one direction's only, and translation may change the other's. */
static void read_icmp(const std::vector<Attr> &all, uint16_t direction, CtTuple &tuple)
{
	if (!tuple.is_icmp())
		return;
	const bool v6 = tuple.proto == IPPROTO_ICMPV6;
	const auto attrs = inside(inside(all, direction), CTA_TUPLE_PROTO);
	const auto number = [&](uint16_t type) -> uint64_t {
		const auto attr = find_attr(attrs, type);

		return attr ? load_be(attr->data) : 0;
	};

	tuple.icmp_id = static_cast<uint16_t>(number(v6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID));
	tuple.icmp_type =
		static_cast<uint8_t>(number(v6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE));
	tuple.icmp_code =
		static_cast<uint8_t>(number(v6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE));
}

static void read_labels(const nf_conntrack *ct, std::array<uint8_t, 16> &labels)
{
	const auto *bits = static_cast<const nfct_bitmask *>(nfct_get_attr(ct, ATTR_CONNLABELS));

	if (!bits)
		return;
	for (unsigned int bit = 0; bit <= nfct_bitmask_maxbit(bits) && bit < 128; bit++)
		if (nfct_bitmask_test_bit(bits, bit))
			labels[15 - bit / 8] |= static_cast<uint8_t>(1u << bit % 8);
}

static CtTcp read_tcp(const nf_conntrack *ct)
{
	CtTcp tcp;

	tcp.state = nfct_get_attr_u8(ct, ATTR_TCP_STATE);
	tcp.flags_orig = nfct_get_attr_u8(ct, ATTR_TCP_FLAGS_ORIG);
	tcp.flags_reply = nfct_get_attr_u8(ct, ATTR_TCP_FLAGS_REPL);
	tcp.wscale_orig = nfct_get_attr_u8(ct, ATTR_TCP_WSCALE_ORIG);
	tcp.wscale_reply = nfct_get_attr_u8(ct, ATTR_TCP_WSCALE_REPL);
	return tcp;
}

static Connection read_connection(const nf_conntrack *ct, const nlmsghdr *nlh)
{
	const size_t headers = NLMSG_HDRLEN + sizeof(nfgenmsg);
	const View raw(reinterpret_cast<const uint8_t *>(nlh), nlh->nlmsg_len);
	const auto all = split_attrs(raw.subspan(headers));
	Connection connection;

	connection.orig = read_tuple(ct, ORIG);
	connection.reply = read_tuple(ct, REPLY);
	read_icmp(all, CTA_TUPLE_ORIG, connection.orig);
	read_icmp(all, CTA_TUPLE_REPLY, connection.reply);
	if (nfct_attr_is_set(ct, ATTR_MASTER_L3PROTO) > 0) {
		connection.master = read_tuple(ct, MASTER);
		read_icmp(all, CTA_TUPLE_MASTER, *connection.master);
	}
	connection.orig_count = {nfct_get_attr_u64(ct, ATTR_ORIG_COUNTER_PACKETS),
				 nfct_get_attr_u64(ct, ATTR_ORIG_COUNTER_BYTES)};
	connection.reply_count = {nfct_get_attr_u64(ct, ATTR_REPL_COUNTER_PACKETS),
				  nfct_get_attr_u64(ct, ATTR_REPL_COUNTER_BYTES)};
	if (nfct_attr_is_set(ct, ATTR_TCP_STATE) > 0)
		connection.tcp = read_tcp(ct);
	if (nfct_attr_is_set(ct, ATTR_SCTP_STATE) > 0)
		connection.sctp = CtSctp{nfct_get_attr_u8(ct, ATTR_SCTP_STATE),
					 ntohl(nfct_get_attr_u32(ct, ATTR_SCTP_VTAG_ORIG)),
					 ntohl(nfct_get_attr_u32(ct, ATTR_SCTP_VTAG_REPL))};
	if (nfct_attr_is_set(ct, ATTR_HELPER_NAME) > 0)
		connection.helper = static_cast<const char *>(nfct_get_attr(ct, ATTR_HELPER_NAME));
	read_labels(ct, connection.labels);
	connection.start = nfct_get_attr_u64(ct, ATTR_TIMESTAMP_START);
	connection.stop = nfct_get_attr_u64(ct, ATTR_TIMESTAMP_STOP);
	connection.id = nfct_get_attr_u32(ct, ATTR_ID);
	connection.status = nfct_get_attr_u32(ct, ATTR_STATUS);
	connection.mark = nfct_get_attr_u32(ct, ATTR_MARK);
	if (nfct_attr_is_set(ct, ATTR_TIMEOUT) > 0)
		connection.timeout = nfct_get_attr_u32(ct, ATTR_TIMEOUT);
	connection.zone = nfct_get_attr_u16(ct, ATTR_ZONE);
	return connection;
}

static NfConntrack parse_object(const nlmsghdr *nlh)
{
	NfConntrack ct = nfct();

	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(nfgenmsg) || nfct_nlmsg_parse(nlh, ct.get()) < 0)
		throw Error("malformed netlink message about a connection");
	return ct;
}

Connection parse_connection(const nlmsghdr *nlh)
{
	return read_connection(parse_object(nlh).get(), nlh);
}

static bool matches(const CtFilter::Side &side, const CtTuple &tuple)
{
	const auto same_address = [&](const std::optional<CtTuple> &wanted,
				      const std::array<uint8_t, 16> &address) {
		return !wanted || (wanted->family == tuple.family && wanted->src == address);
	};
	const auto same = [](const auto &wanted, auto value) {
		return !wanted || *wanted == value;
	};

	return same_address(side.src, tuple.src) && same_address(side.dst, tuple.dst) &&
	       same(side.proto, tuple.proto) && same(side.src_port, tuple.src_port) &&
	       same(side.dst_port, tuple.dst_port) && same(side.icmp_id, tuple.icmp_id) &&
	       same(side.icmp_type, tuple.icmp_type) && same(side.icmp_code, tuple.icmp_code);
}

bool CtFilter::picks(const Connection &connection) const
{
	return (!zone || *zone == connection.zone) && matches(orig, connection.orig) &&
	       matches(reply, connection.reply);
}

std::vector<Connection> dump_connections(Socket &ctnetlink, const CtFilter &filter)
{
	Request request = ct_request(IPCTNL_MSG_CT_GET, NLM_F_DUMP);
	std::vector<Connection> connections;

	ctnetlink.transact(request, Socket::Handler([&](const nlmsghdr *nlh) {
				   Connection connection = parse_connection(nlh);

				   if (filter.picks(connection))
					   connections.push_back(std::move(connection));
			   }));
	return connections;
}

/* A connection as it is named to the kernel: by how it began, and its zone. */
struct CtName {
	uint8_t family;
	Bytes attrs;
};

static CtName name_of(const nf_conntrack *ct)
{
	alignas(nlmsghdr) std::array<uint8_t, 4096> buffer{};
	auto *nlh = reinterpret_cast<nlmsghdr *>(buffer.data());
	const NfConntrack name = nfct();

	nfct_copy(name.get(), ct, NFCT_CP_ORIG);
	nfct_set_attr_u16(name.get(), ATTR_ZONE, nfct_get_attr_u16(ct, ATTR_ZONE));
	nlh->nlmsg_len = NLMSG_HDRLEN + sizeof(nfgenmsg);
	if (nfct_nlmsg_build(nlh, name.get()) < 0)
		throw Error("a connection cannot be named to the kernel");
	return {nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO),
		{buffer.begin() + NLMSG_HDRLEN + sizeof(nfgenmsg),
		 buffer.begin() + nlh->nlmsg_len}};
}

/* @return false if it has gone by itself in between */
static bool forget(Socket &ctnetlink, const CtName &name)
{
	Request request = ct_request(IPCTNL_MSG_CT_DELETE, 0, name.family);

	request.bytes().insert(request.bytes().end(), name.attrs.begin(), name.attrs.end());
	try {
		ctnetlink.transact(request, Socket::Handler([](const nlmsghdr *) {}));
	} catch (const KernelError &error) {
		if (error.code != ENOENT)
			throw;
		return false;
	}
	return true;
}

std::optional<size_t> flush_connections(Socket &ctnetlink, const CtFilter &filter)
{
	if (!filter.is_set) {
		Request request = ct_request(IPCTNL_MSG_CT_DELETE, 0);

		ctnetlink.transact(request, Socket::Handler([](const nlmsghdr *) {}));
		return std::nullopt;
	}

	Request request = ct_request(IPCTNL_MSG_CT_GET, NLM_F_DUMP);
	std::vector<CtName> names;
	size_t forgotten = 0;

	ctnetlink.transact(request, Socket::Handler([&](const nlmsghdr *nlh) {
				   const NfConntrack ct = parse_object(nlh);

				   if (filter.picks(read_connection(ct.get(), nlh)))
					   names.push_back(name_of(ct.get()));
			   }));
	for (const CtName &name : names)
		forgotten += forget(ctnetlink, name);
	return forgotten;
}

} // namespace mf
