// SPDX-License-Identifier: GPL-2.0-only
#include "attr.h"

#include "error.h"

#include <fmt/format.h>
#include <linux/netlink.h>

namespace mf
{

std::string Attr::str() const
{
	size_t len = 0;

	while (len < data.size() && data[len])
		len++;
	return {reinterpret_cast<const char *>(data.data()), len};
}

std::vector<uint32_t> Attr::u32s() const
{
	std::vector<uint32_t> list;

	for (size_t at = 0; at + 4 <= data.size(); at += 4)
		list.push_back(load<uint32_t>(data, at));
	return list;
}

std::vector<Attr> split_attrs(View run)
{
	std::vector<Attr> attrs;
	size_t at = 0;

	while (at + NLA_HDRLEN <= run.size()) {
		const auto header = load<nlattr>(run, at);

		if (header.nla_len < NLA_HDRLEN || header.nla_len > run.size() - at)
			throw Error(fmt::format("malformed netlink data: attribute {} at byte {} "
						"claims {} bytes, {} are left",
						header.nla_type & NLA_TYPE_MASK, at, header.nla_len,
						run.size() - at));
		attrs.push_back({static_cast<uint16_t>(header.nla_type & NLA_TYPE_MASK),
				 (header.nla_type & NLA_F_NESTED) != 0,
				 run.subspan(at + NLA_HDRLEN, header.nla_len - NLA_HDRLEN)});
		at += NLA_ALIGN(header.nla_len);
	}
	return attrs;
}

std::optional<Attr> find_attr(const std::vector<Attr> &attrs, uint16_t type)
{
	for (auto it = attrs.rbegin(); it != attrs.rend(); ++it)
		if (it->type == type)
			return *it;
	return std::nullopt;
}

void AttrWriter::put(uint16_t type, View payload)
{
	const size_t nest = begin(type);

	buffer.insert(buffer.end(), payload.begin(), payload.end());
	end(nest);
}

void AttrWriter::str(uint16_t type, const std::string &value)
{
	put(type, {reinterpret_cast<const uint8_t *>(value.c_str()), value.size() + 1});
}

size_t AttrWriter::begin(uint16_t type)
{
	const size_t at = buffer.size();
	const nlattr header{NLA_HDRLEN, type};
	const View raw = bytes_of(header);

	buffer.insert(buffer.end(), raw.begin(), raw.end());
	return at;
}

void AttrWriter::end(size_t nest)
{
	const size_t len = buffer.size() - nest;

	if (len > UINT16_MAX)
		throw Error(fmt::format("{} bytes do not fit into a netlink attribute (at most {})",
					len - NLA_HDRLEN, UINT16_MAX - NLA_HDRLEN));
	store_host(std::span(buffer).subspan(nest, 2), len);
	buffer.resize(nest + NLA_ALIGN(len));
}

} // namespace mf
