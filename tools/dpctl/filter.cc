// SPDX-License-Identifier: GPL-2.0-only
#include "filter.h"

#include <fmt/format.h>
#include <linux/openvswitch.h>

namespace dpctl
{

namespace
{

/* A word of OpenFlow, and what it is in a datapath key; {} is its value. */
struct OpenFlowWord {
	const char *word;
	const char *key;
};

constexpr OpenFlowWord open_flow_words[] = {
	{"ip", "eth_type(0x0800)"},
	{"ipv6", "eth_type(0x86dd)"},
	{"arp", "eth_type(0x0806)"},
	{"rarp", "eth_type(0x8035)"},
	{"tcp", "eth_type(0x0800),ipv4(proto=6)"},
	{"udp", "eth_type(0x0800),ipv4(proto=17)"},
	{"sctp", "eth_type(0x0800),ipv4(proto=132)"},
	{"icmp", "eth_type(0x0800),ipv4(proto=1)"},
	{"tcp6", "eth_type(0x86dd),ipv6(proto=6)"},
	{"udp6", "eth_type(0x86dd),ipv6(proto=17)"},
	{"icmp6", "eth_type(0x86dd),ipv6(proto=58)"},
	{"in_port=", "in_port({})"},
	{"dl_src=", "eth(src={})"},
	{"dl_dst=", "eth(dst={})"},
	{"dl_type=", "eth_type({})"},
	{"dl_vlan=", "vlan(vid={})"},
	{"nw_src=", "ipv4(src={})"},
	{"nw_dst=", "ipv4(dst={})"},
	{"nw_proto=", "ipv4(proto={})"},
	{"nw_ttl=", "ipv4(ttl={})"},
	{"ipv6_src=", "ipv6(src={})"},
	{"ipv6_dst=", "ipv6(dst={})"},
	{"arp_spa=", "arp(sip={})"},
	{"arp_tpa=", "arp(tip={})"},
	{"arp_op=", "arp(op={})"},
	{"tcp_src=", "tcp(src={})"},
	{"tcp_dst=", "tcp(dst={})"},
	{"udp_src=", "udp(src={})"},
	{"udp_dst=", "udp(dst={})"},
	{"recirc_id=", "recirc_id({})"},
	{"pkt_mark=", "skb_mark({})"},
	{"dp_hash=", "dp_hash({})"},
};

/* tp_src and tp_dst mean what the protocol word before them says. */
std::string transport_key(const std::string &word, std::string_view protocol)
{
	const bool source = word.starts_with("tp_src=");

	return fmt::format("{}({}={})", protocol.starts_with("udp") ? "udp" : "tcp",
			   source ? "src" : "dst", word.substr(7));
}

std::string translate(const std::string &word, std::string_view protocol)
{
	for (const OpenFlowWord &row : open_flow_words) {
		const std::string_view name = row.word;

		if (name.ends_with('=') ? word.starts_with(name) : word == name) {
			std::string key = row.key;
			const size_t hole = key.find("{}");

			if (hole != std::string::npos)
				key.replace(hole, 2, word.substr(name.size()));
			return key;
		}
	}
	if (word.starts_with("tp_src=") || word.starts_with("tp_dst="))
		return transport_key(word, protocol);
	return word;
}

/* Splits at commas outside of parentheses. */
std::vector<std::string> split_words(const std::string &text)
{
	std::vector<std::string> words(1);
	int depth = 0;

	for (char c : text) {
		depth += (c == '(') - (c == ')');
		if (c == ',' && !depth)
			words.emplace_back();
		else
			words.back() += c;
	}
	return words;
}

/* Joins what says the same attribute twice: "ipv4(src=..)" and "ipv4(dst=..)". */
void merge(Key &pattern, const KeyItem &item)
{
	for (KeyItem &known : pattern.items) {
		if (known.type != item.type || known.value.size() != item.value.size())
			continue;
		for (size_t i = 0; i < item.value.size(); i++) {
			known.value[i] |= item.value[i] & item.mask[i];
			known.mask[i] |= item.mask[i];
		}
		return;
	}
	pattern.items.push_back(item);
}

/* Both sides agree wherever both look. */
bool overlaps(const KeyItem &pattern, const KeyItem &flow)
{
	const size_t len = std::min(pattern.value.size(), flow.value.size());

	for (size_t i = 0; i < len && i < flow.mask.size(); i++)
		if ((pattern.value[i] ^ flow.value[i]) & pattern.mask[i] & flow.mask[i])
			return false;
	return true;
}

const KeyItem *find_inside(const std::vector<KeyItem> &items, uint16_t type, bool innermost)
{
	const KeyItem *found = nullptr;

	for (const KeyItem &item : items) {
		if (item.type == type && (!found || innermost))
			found = &item;
		if (item.type == OVS_KEY_ATTR_ENCAP)
			if (const KeyItem *deeper = find_inside(item.inner, type, innermost))
				if (!found || innermost)
					found = deeper;
	}
	return found;
}

} // namespace

Filter::Filter(const std::string &text, const PortNames *names)
{
	std::string protocol;

	for (const std::string &word : split_words(text)) {
		if (word.find_first_of("(=") == std::string::npos)
			protocol = word;
		for (const KeyItem &item :
		     parse_key("filter", translate(word, protocol), names).items)
			merge(pattern, item);
	}
}

bool Filter::picks(const Key &flow) const
{
	for (const KeyItem &want : pattern.items) {
		/* Behind a tag stands the EtherType that a user means. */
		const KeyItem *has =
			find_inside(flow.items, want.type, want.type == OVS_KEY_ATTR_ETHERTYPE);

		if (!has || !overlaps(want, *has))
			return false;
	}
	return true;
}

} // namespace dpctl
